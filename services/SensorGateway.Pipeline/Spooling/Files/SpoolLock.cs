using System.Globalization;
using System.Text;

namespace SensorGateway.Pipeline.Spooling.Files;

/// <summary>Holds a spool's folder for one process: a gateway or a drain, never both.</summary>
/// <remarks>The system frees it when its holder dies, however it dies; a file left over means nothing by itself.</remarks>
internal sealed class SpoolLock : IDisposable
{
    public const string FileName = "lock";

    private const string HolderName = "lock.pid"; // The locked file itself cannot be read by others.

    private readonly FileStream _file;
    private readonly string _holderPath;

    private SpoolLock(FileStream file, string holderPath) => (_file, _holderPath) = (file, holderPath);

    /// <exception cref="SpoolInUseException">Another process holds it.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither.</exception>
    public static SpoolLock Take(string folder)
    {
        var holderPath = Path.Combine(folder, HolderName);
        FileStream file;
        try
        {
            file = new FileStream(
                Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException failure) when (failure.GetType() == typeof(IOException) && IsSharing(failure))
        {
            throw new SpoolInUseException(
                $"the spool in {folder} is in use by process {Holder(holderPath)}; give each gateway a spool of its own, or "
                + "stop that process");
        }

        try
        {
            File.WriteAllBytes(
                holderPath, Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A full disk; it is for the message alone.
        }

        return new SpoolLock(file, holderPath);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(_holderPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // For the message alone.
        }

        _file.Dispose();
    }

    // EWOULDBLOCK of flock, and ERROR_SHARING_VIOLATION.
    private static bool IsSharing(IOException failure) => failure.HResult is 11 or unchecked((int)0x80070020);

    private static string Holder(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? id.ToString(CultureInfo.InvariantCulture)
                : "unknown";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
