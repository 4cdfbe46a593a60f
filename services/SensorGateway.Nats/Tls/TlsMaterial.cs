using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SensorGateway.Nats.Login;

namespace SensorGateway.Nats.Tls;

/// <summary>Whom to trust and who we are, as read from the files for one login.</summary>
internal sealed class TlsMaterial : IDisposable
{
    private readonly X509Certificate2Collection? _authorities;
    private readonly X509Certificate2Collection _chain = [];
    private readonly X509Certificate2? _own;

    private TlsMaterial(NatsTlsOptions options)
    {
        if (options.CaFile is { } ca)
        {
            _authorities = ReadCertificates(ca);
        }

        if (options.CertificateFile is { } file)
        {
            _chain = ReadCertificates(file);
            _own = WithKey(_chain[0], file, options.KeyFile ?? file);
        }
    }

    /// <summary>Reads the files.</summary>
    /// <exception cref="NatsException">One cannot be used; the message says which and why.</exception>
    public static TlsMaterial Load(NatsTlsOptions options) => new(options);

    /// <summary>Sets what SslStream needs for one handshake; the files must stay loaded until it is over.</summary>
    public void Configure(
        SslClientAuthenticationOptions options, string host, RemoteCertificateValidationCallback check)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true, // A login must not wait for a third server.
        };
        if (_authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_authorities);
        }

        options.TargetHost = host;
        options.AllowRenegotiation = false;
        options.AllowTlsResume = false; // Each login looks at the certificate anew.
        options.CertificateChainPolicy = policy;
        options.RemoteCertificateValidationCallback = check;
        options.ClientCertificateContext = _own is null
            ? null
            : SslStreamCertificateContext.Create(_own, [.. _chain.Skip(1)], offline: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var certificate in (X509Certificate2[])[.. _authorities ?? [], .. _chain])
        {
            certificate.Dispose();
        }

        _own?.Dispose();
    }

    private static X509Certificate2Collection ReadCertificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw SecretFile.Unusable($"cannot read certificates of {file}: {problem.Message.TrimEnd('.')}");
        }

        return certificates.Count > 0
            ? certificates
            : throw SecretFile.Unusable($"{file} holds no certificate; it must be PEM, with BEGIN CERTIFICATE");
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, string file, string keyFile)
    {
        using var secret = SecretFile.Read(keyFile);
        var text = new char[Encoding.UTF8.GetCharCount(secret.Text)];
        try
        {
            Encoding.UTF8.GetChars(secret.Text, text);
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), text);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            throw SecretFile.Unusable(
                $"{keyFile} holds no key without a passphrase that fits the certificate in {file}: {problem.Message.TrimEnd('.')}");
        }
        finally
        {
            text.AsSpan().Clear();
        }
    }
}
