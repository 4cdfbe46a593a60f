using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace SensorGateway.Nats.Login;

/// <summary>A file that only its owner may read, in memory until Dispose clears it.</summary>
internal sealed class SecretFile : IDisposable
{
    private const int MaxBytes = 64 * 1024; // Far above any credentials file; a wrong path must not fill our memory.

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly byte[] _bytes;
    private readonly int _length;

    private SecretFile(byte[] bytes, int length)
    {
        _bytes = bytes;
        _length = length;
    }

    public ReadOnlySpan<byte> Text => _bytes.AsSpan(0, _length);

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="NatsException">It cannot be read, others have access to it, or it is too long.</exception>
    public static SecretFile Read(string path)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(MaxBytes + 1, pinned: true); // A moved copy would stay behind.
        var length = 0;
        try
        {
            using var file = File.OpenHandle(path);
            if (!OperatingSystem.IsWindows())
            {
                CheckMode(path, file);
            }

            for (int got; length < bytes.Length && (got = RandomAccess.Read(file, bytes.AsSpan(length), length)) > 0;)
            {
                length += got;
            }

            return length > MaxBytes
                ? throw Unusable($"{path} is longer than {MaxBytes} bytes; it is no nkey or credentials file")
                : new SecretFile(bytes, length);
        }
        catch (Exception problem)
        {
            CryptographicOperations.ZeroMemory(bytes);
            if (problem is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
            {
                throw new NatsException($"cannot read {path}: {problem.Message}", problem) { IsRefused = true };
            }

            throw;
        }
    }

    public static NatsException Unusable(string text) => new(text) { IsRefused = true };

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    // The open file is asked, not the path: nobody can put another file in its place in between.
    [UnsupportedOSPlatform("windows")]
    private static void CheckMode(string path, Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var mode = File.GetUnixFileMode(file);
        if ((mode & Others) != 0)
        {
            throw Unusable($"{path} has mode {Convert.ToString((int)mode, 8)}: users other than its owner have access; "
                + $"run chmod 600 {path}");
        }
    }
}
