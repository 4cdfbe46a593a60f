using SensorGateway.Pipeline.Spooling.Files;

namespace SensorGateway.IntegrationTests.Spooling;

/// <summary>A real folder whose writes and fsyncs do not return while a test says so.</summary>
internal sealed class HangingFiles(string folder) : ISpoolFiles, IDisposable
{
    private readonly DiskFiles _disk = new(folder);

    /// <summary>Set while the disk answers.</summary>
    public ManualResetEventSlim Answers { get; } = new(true);

    public void Prepare() => _disk.Prepare();

    public IReadOnlyList<(string Name, long Bytes)> List() => _disk.List();

    public ISpoolFile Create(string name, long reservedBytes) => new HangingFile(_disk.Create(name, reservedBytes), Answers);

    public ISpoolFile OpenRead(string name) => _disk.OpenRead(name);

    public void GiveBack(string name) => _disk.GiveBack(name);

    public void Delete(string name) => _disk.Delete(name);

    public void Rename(string from, string to) => _disk.Rename(from, to);

    public void SyncFolder() => _disk.SyncFolder();

    public void Dispose() => _disk.Dispose();

    private sealed class HangingFile(ISpoolFile file, ManualResetEventSlim answers) : ISpoolFile
    {
        public long Length => file.Length;

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            answers.Wait();
            file.Write(bytes, offset);
        }

        public int Read(Span<byte> buffer, long offset) => file.Read(buffer, offset);

        public void Sync()
        {
            answers.Wait();
            file.Sync();
        }

        public void Truncate(long bytes) => file.Truncate(bytes);

        public void Dispose() => file.Dispose();
    }
}
