using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SensorGateway.TestKit.Nats;

/// <summary>An authority of its own, in a temporary folder, that issues certificates for tests.</summary>
public sealed class TestCertificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sensor-gateway-tls-");
    private readonly X509Certificate2 _authority;

    /// <summary>Makes the authority.</summary>
    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(2));
        CaFile = Write("ca.pem", _authority.ExportCertificatePem());
    }

    /// <summary>PEM file of the authority.</summary>
    public string CaFile { get; }

    /// <summary>Issues a certificate; for the client when it names no host.</summary>
    /// <param name="hosts">Names and addresses it is for.</param>
    /// <param name="validDays">How long from now; negative for one that has expired.</param>
    public CertificateFiles Issue(string[] hosts, int validDays = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            $"CN={(hosts.Length > 0 ? "server" : "gateway")}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        if (hosts.Length > 0)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        var usage = hosts.Length > 0 ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2";
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var end = DateTimeOffset.UtcNow.AddDays(validDays);
        using var issued = request.Create(
            _authority, end.AddDays(-60), end, RandomNumberGenerator.GetBytes(8));
        var name = Path.GetRandomFileName();
        var keyFile = Write($"{name}.key", key.ExportPkcs8PrivateKeyPem());
        return new CertificateFiles(Write($"{name}.pem", issued.ExportCertificatePem()), keyFile);
    }

    /// <summary>A nats-server's configuration with this certificate.</summary>
    /// <param name="server">What it shows.</param>
    /// <param name="verify">It wants a client certificate of the authority.</param>
    public string ServerConfiguration(CertificateFiles server, bool verify = false)
    {
        ArgumentNullException.ThrowIfNull(server);
        return $"tls {{ cert_file: \"{server.CertificateFile}\", key_file: \"{server.KeyFile}\", ca_file: \"{CaFile}\", timeout: 30, "
            + $"verify: {(verify ? "true" : "false")} }}\n";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}

/// <summary>PEM files of a certificate and its key.</summary>
public sealed record CertificateFiles(string CertificateFile, string KeyFile);
