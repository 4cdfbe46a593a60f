using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SensorGateway.Nats.Protocol;

namespace SensorGateway.Nats.Tls;

/// <summary>Decides about a server's certificate and says in words what is wrong with it.</summary>
/// <param name="endpoint">The server.</param>
/// <param name="options">Whom we trust, for the message.</param>
internal sealed class ServerCertificateCheck(NatsEndpoint endpoint, NatsTlsOptions options)
{
    /// <summary>What was wrong and what to do; null when nothing was.</summary>
    public string? Problem { get; private set; }

    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 shown)
        {
            Problem = "it showed no certificate";
            return false;
        }

        if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            Problem = DescribeChain(shown, chain);
        }
        else if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0 && !IsForItsOwnAddress(shown))
        {
            Problem = $"its certificate is not for {endpoint.VerifiedHost}, but for {Names(shown)}; "
                + "correct the server's name, or give the server a certificate that has it";
        }

        return Problem is null;
    }

    // A discovered server is known by address; its certificate may name that instead of the host we know it by.
    private bool IsForItsOwnAddress(X509Certificate2 shown) =>
        endpoint.TlsName is not null && shown.MatchesHostname(endpoint.Host, allowWildcards: true, allowCommonName: false);

    private string DescribeChain(X509Certificate2 shown, X509Chain? chain)
    {
        var now = DateTime.Now;
        if (now > shown.NotAfter || now < shown.NotBefore)
        {
            var when = (now > shown.NotAfter ? shown.NotAfter : shown.NotBefore).ToUniversalTime();
            var word = now > shown.NotAfter ? "expired on" : "is not valid before";
            return string.Create(
                CultureInfo.InvariantCulture, $"its certificate {word} {when:yyyy-MM-dd HH:mm:ss}Z; renew it, or set this machine's clock");
        }

        var flags = (chain?.ChainStatus ?? []).Aggregate(
            X509ChainStatusFlags.NoError, static (all, status) => all | status.Status);
        const X509ChainStatusFlags Unknown = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain
            | X509ChainStatusFlags.NotSignatureValid; // The last is another authority of the same name.
        return (flags & Unknown) != 0
            ? $"its certificate is issued by {Text(shown.Issuer)}, which {options.CaFile ?? "this system's list of authorities"} does not hold; name the right authority in publishing.tls.ca"
            : $"its certificate cannot be trusted: {flags}";
    }

    private static string Names(X509Certificate2 shown)
    {
        var alternatives = shown.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        string[] names = alternatives is null
            ? []
            : [.. alternatives.EnumerateDnsNames(), .. alternatives.EnumerateIPAddresses().Select(static ip => ip.ToString())];
        return names.Length == 0 ? "no host at all" : Text(string.Join(", ", names.Take(5)));
    }

    private static string Text(string text) => ServerText.Printable(Encoding.UTF8.GetBytes(text));
}
