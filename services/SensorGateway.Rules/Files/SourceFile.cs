using Microsoft.Win32.SafeHandles;

namespace SensorGateway.Rules.Files;

/// <summary>A file to load: as the user knows it, and where it is.</summary>
/// <param name="Display">Relative when the user wrote it relative.</param>
/// <param name="FullPath">Absolute.</param>
internal sealed record SourceFile(string Display, string FullPath)
{
    private const int Attempts = 3;

    public string Extension => Path.GetExtension(FullPath).ToLowerInvariant();

    /// <summary>The whole file as of one moment, or null with the reason in <paramref name="problems"/>.</summary>
    public byte[]? TryRead(int bytesMax, ProblemLog problems)
    {
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                using var handle = RegularFile.Open(FullPath);
                if (handle is null)
                {
                    problems.Add(
                        0, 0, "this is no regular file but a pipe, socket or device", "copy its content into a file");
                    return null;
                }

                var length = RandomAccess.GetLength(handle);
                if (length > bytesMax)
                {
                    problems.Add(0, 0, $"this file is larger than {bytesMax >> 20} MiB", "split it into several files");
                    return null;
                }

                var written = File.GetLastWriteTimeUtc(handle);
                var bytes = Read(handle, (int)length);
                if (bytes is not null
                    && RandomAccess.GetLength(handle) == length && File.GetLastWriteTimeUtc(handle) == written)
                {
                    return bytes;
                }
            }

            problems.Add(
                0, 0, "this file changes while it is read", "write it under another name and rename it into place");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            problems.Add(0, 0, "this file cannot be read", Cure(fault));
        }

        return null;
    }

    /// <returns>Null when the file has become shorter than it was.</returns>
    private static byte[]? Read(SafeFileHandle handle, int length)
    {
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            var got = RandomAccess.Read(handle, bytes.AsSpan(done), done);
            if (got == 0)
            {
                return null;
            }

            done += got;
        }

        return bytes;
    }

    private static string Cure(Exception fault) => fault switch
    {
        UnauthorizedAccessException => "give the gateway's user the right to read it",
        FileNotFoundException or DirectoryNotFoundException => "it went away while loading; load again",
        _ => $"the system says: {fault.Message.TrimEnd('.')}",
    };
}
