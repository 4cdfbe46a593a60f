namespace SensorGateway.Pipeline.Spooling.Files;

/// <summary>The folder of a spool; the seam at which tests play a disk that fills, fails and crashes.</summary>
/// <remarks>Every call may throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</remarks>
internal interface ISpoolFiles
{
    /// <summary>Makes the folder and locks it against other processes.</summary>
    /// <exception cref="SpoolInUseException">Another process has it.</exception>
    void Prepare();

    /// <summary>Names and lengths of all files.</summary>
    IReadOnlyList<(string Name, long Bytes)> List();

    /// <summary>A new file for writing and reading, with its room on the disk reserved.</summary>
    ISpoolFile Create(string name, long reservedBytes);

    /// <summary>An existing file for reading.</summary>
    ISpoolFile OpenRead(string name);

    /// <summary>Gives room back that is reserved behind the end of a file; its bytes stay.</summary>
    void GiveBack(string name);

    /// <summary>Removes a file.</summary>
    void Delete(string name);

    /// <summary>Gives a file another name, in place of whatever had it.</summary>
    void Rename(string from, string to);

    /// <summary>Makes names survive a power cut.</summary>
    void SyncFolder();
}

/// <summary>An open file. Owner: one thread.</summary>
internal interface ISpoolFile : IDisposable
{
    /// <summary>Bytes up to the last one written.</summary>
    long Length { get; }

    /// <summary>Writes all bytes; after an exception any part of them may be there.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Returns when the disk has everything.</summary>
    void Sync();

    /// <summary>Cuts the file, and gives reserved room behind its end back.</summary>
    void Truncate(long bytes);
}

/// <summary>Another process works with the spool; the message names it.</summary>
internal sealed class SpoolInUseException(string message) : IOException(message);
