using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Spooling;

/// <summary>A spool in a folder of its own.</summary>
internal sealed class SpoolFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sensor-gateway-spool-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "spool");

    public IEnumerable<string> Segments => Directory.Exists(Path) ? Directory.EnumerateFiles(Path, "*.spool").Order() : [];

    /// <summary>A gateway that spools here, with little memory and short patience; two names make two connections active.</summary>
    public GatewayOptions Options(CutProxy proxy, long bytesMax = 64 << 20, bool oneServer = false)
    {
        var options = oneServer
            ? TestOptions.For(proxy.Endpoint)
            : TestOptions.For(proxy.Endpoint, proxy.Endpoint with { Host = "localhost" });
        return options with
        {
            Publishing = options.Publishing with
            {
                UnconfirmedBytesMax = 1 << 20,
                PatienceWithSlowServer = TimeSpan.FromMilliseconds(100),
            },
            Spool = new SpoolOptions
            {
                Folder = Path,
                BytesMax = bytesMax,
                RetryInterval = TimeSpan.FromMilliseconds(100),
            },
        };
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
