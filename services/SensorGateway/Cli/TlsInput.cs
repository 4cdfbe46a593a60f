using System.CommandLine;
using SensorGateway.Nats;

namespace SensorGateway.Cli;

/// <summary>The options about encryption that verbs with <c>--nats</c> share.</summary>
internal sealed class TlsInput
{
    private readonly Option<string?> _ca = new("--tls-ca")
    {
        Description = "PEM file of the only authorities to trust; switches TLS on, as tls:// in the URL does.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _cert = new("--tls-cert")
    {
        Description = "PEM file of our certificate, for a server that asks for one.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _key = new("--tls-key") { Description = "PEM file of its key.", HelpName = "FILE" };

    private readonly Option<bool> _first = new("--tls-first")
    {
        Description = "Encrypt from the first byte (handshake-first).",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_ca, _cert, _key, _first])
        {
            command.Options.Add(option);
        }
    }

    public NatsTlsOptions Read(ParseResult parsed)
    {
        var (ca, cert, key) = (parsed.GetValue(_ca), parsed.GetValue(_cert), parsed.GetValue(_key));
        if (cert is null != key is null)
        {
            throw new CommandException(ExitCodes.Usage, "--tls-cert and --tls-key stand together; give both.");
        }

        return new NatsTlsOptions
        {
            Mode = parsed.GetValue(_first) ? NatsTlsMode.HandshakeFirst
                : ca is not null || cert is not null ? NatsTlsMode.Require : NatsTlsMode.Off,
            CaFile = ca,
            CertificateFile = cert,
            KeyFile = key,
        };
    }
}
