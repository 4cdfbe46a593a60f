namespace SensorGateway.TestKit.Nats;

/// <summary>A temporary file that only its owner may read.</summary>
public sealed class TestSecretFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sensor-gateway-secret-");

    /// <param name="text">What is in it.</param>
    public TestSecretFile(string text)
    {
        Path = System.IO.Path.Combine(_folder.FullName, "secret");
        Write(text);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Replaces what is in it.</summary>
    public void Write(string text)
    {
        File.WriteAllText(Path, text);
        SetMode(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Changes who may do what with it.</summary>
    public void SetMode(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, mode);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
