using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SensorGateway.Pipeline.Spooling.Files;

/// <summary>A folder of the real file system.</summary>
internal sealed partial class DiskFiles(string folder) : ISpoolFiles, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private SpoolLock? _lock;

    /// <inheritdoc/>
    public void Prepare()
    {
        if (_lock is not null)
        {
            return;
        }

        // Alerts may hold secrets, so a new folder is its owner's alone.
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        _lock = SpoolLock.Take(folder);
    }

    /// <summary>Lets other processes have the folder.</summary>
    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, long Bytes)> List() =>
        [.. new DirectoryInfo(folder).EnumerateFiles().Select(static file => (file.Name, file.Length))];

    /// <inheritdoc/>
    public ISpoolFile Create(string name, long reservedBytes)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            PreallocationSize = reservedBytes,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new DiskFile(new FileStream(PathOf(name), options));
    }

    /// <inheritdoc/>
    public ISpoolFile OpenRead(string name) => new DiskFile(new FileStream(
        PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));

    /// <inheritdoc/>
    public void GiveBack(string name)
    {
        using var file = File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.SetLength(file, RandomAccess.GetLength(file)); // The same length: blocks behind it go all the same.
    }

    /// <inheritdoc/>
    public void Delete(string name) => File.Delete(PathOf(name));

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    /// <inheritdoc/>
    public void SyncFolder()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // The framework opens no folders.
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open the folder {folder} (errno {Marshal.GetLastPInvokeError()})");
        }

        var result = FSync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"cannot sync the folder {folder} (errno {error})");
        }
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    private sealed class DiskFile(FileStream stream) : ISpoolFile
    {
        // The handle's own calls neither buffer nor allocate.
        private readonly SafeFileHandle _handle = stream.SafeFileHandle;

        public long Length => RandomAccess.GetLength(_handle);

        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_handle, bytes, offset);

        public int Read(Span<byte> buffer, long offset)
        {
            var total = 0;
            while (total < buffer.Length)
            {
                var read = RandomAccess.Read(_handle, buffer[total..], offset + total);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }

            return total;
        }

        public void Sync() => RandomAccess.FlushToDisk(_handle);

        public void Truncate(long bytes) => RandomAccess.SetLength(_handle, bytes);

        public void Dispose() => stream.Dispose();
    }
}
