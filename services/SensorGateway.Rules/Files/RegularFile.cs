using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SensorGateway.Rules.Files;

/// <summary>Opens files without ever waiting: opening a named pipe blocks until somebody writes to it.</summary>
internal static partial class RegularFile
{
    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int EmptyPath = 0x1000; // The handle itself is meant.
    private const int TypeOnly = 1;
    private const int StatusBytes = 256;
    private const int ModeOffset = 28; // statx has one layout on all architectures.
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;
    private const int NotFound = 2;
    private const int NotAllowed = 13;

    /// <returns>An open handle, or null for what is no regular file.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static SafeFileHandle? Open(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.OpenHandle(path);
        }

        var handle = OpenOnLinux(path);
        Span<byte> status = stackalloc byte[StatusBytes];
        if (StatusOf(handle, "", EmptyPath, TypeOnly, status) == 0
            && (MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeMask) == RegularType)
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    private static SafeFileHandle OpenOnLinux(string path)
    {
        var descriptor = OpenFile(path, ReadOnly | NonBlocking | CloseOnExec);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        throw error.NativeErrorCode switch
        {
            NotFound => new FileNotFoundException(error.Message, path),
            NotAllowed => new UnauthorizedAccessException(error.Message, error),
            _ => new IOException(error.Message, error),
        };
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatusOf(SafeFileHandle handle, string path, int flags, uint mask, Span<byte> status);
}
