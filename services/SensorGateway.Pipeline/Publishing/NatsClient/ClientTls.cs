using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using NATS.Client.Core;
using SensorGateway.Nats;
using SensorGateway.Nats.Connection;
using SensorGateway.Nats.Tls;

namespace SensorGateway.Pipeline.Publishing.NatsClient;

/// <summary>How one login is encrypted: files, the check of the certificate, and what is wrong with either.</summary>
internal sealed class ClientTls : IDisposable
{
    private readonly NatsEndpoint _endpoint;
    private readonly NatsTlsOptions _options;
    private readonly ServerCertificateCheck _check;
    private readonly TlsMaterial? _material;
    private volatile bool _began;
    private volatile bool _trusted;

    /// <summary>Reads the files.</summary>
    /// <exception cref="SensorGateway.Nats.NatsException">One cannot be used; the message says which and why.</exception>
    public ClientTls(DialTerms terms)
    {
        _endpoint = terms.Endpoint;
        _options = terms.Tls;
        _check = new ServerCertificateCheck(_endpoint, _options);
        _material = _options.Mode == NatsTlsMode.Off ? null : TlsMaterial.Load(_options);
    }

    /// <summary>For the library, which sets TLS 1.2 and 1.3 itself.</summary>
    public NatsTlsOpts Options => _material is null
        ? new NatsTlsOpts { Mode = TlsMode.Disable }
        : new NatsTlsOpts
        {
            Mode = _options.Mode == NatsTlsMode.HandshakeFirst ? TlsMode.Implicit : TlsMode.Require,
            ConfigureClientAuthentication = Configure,
        };

    /// <summary>To add when the server goes away before it has accepted us.</summary>
    public string Hint(INatsServerInfo? server) => _trusted
        ? TlsProblem.ClientCertificateHint(_options, serverVerifies: server is { TlsVerify: true })
        : "";

    /// <summary>What is wrong with the encryption; null when the reason lies elsewhere.</summary>
    /// <param name="reason">What the library said.</param>
    /// <param name="server">What the server said of itself, if it did.</param>
    /// <param name="limit">Longest time for a handshake.</param>
    public SensorGateway.Nats.NatsException? Explain(Exception reason, INatsServerInfo? server, TimeSpan limit)
    {
        if (_check.Problem is { } certificate)
        {
            return TlsProblem.Untrusted(_endpoint, certificate, reason);
        }

        if (_began && !_trusted)
        {
            return Causes(reason).FirstOrDefault(static cause => cause is AuthenticationException or IOException) switch
            {
                AuthenticationException refused => TlsProblem.Failed(_endpoint, _options, refused),
                { } broken => TlsProblem.BrokenOff(_endpoint, _options, broken),
                null => TlsProblem.TookTooLong(_endpoint, limit),
            };
        }

        return (_options.Mode, server) switch
        {
            (NatsTlsMode.Off, { TlsRequired: true }) => TlsProblem.IsRequired(_endpoint),
            (NatsTlsMode.Require, { TlsRequired: false, TlsAvailable: false }) => TlsProblem.IsNotOffered(_endpoint),
            _ => null,
        };
    }

    public void Dispose() => _material?.Dispose();

    /// <summary>The problem and what is inside it, outermost first.</summary>
    public static IEnumerable<Exception> Causes(Exception problem)
    {
        for (var cause = problem; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private ValueTask Configure(SslClientAuthenticationOptions parameters)
    {
        // The host as it stands in the configuration: the library would take it from a URL that it may have rewritten.
        _material!.Configure(parameters, _endpoint.VerifiedHost, Accept);
        _began = true;
        return default;
    }

    private bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _trusted = _check.Accept(sender, certificate, chain, errors);
        return _trusted;
    }
}
