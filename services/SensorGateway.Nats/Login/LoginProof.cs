using System.Buffers.Text;
using System.Text;

namespace SensorGateway.Nats.Login;

/// <summary>A signature over the server's nonce, with the public key or the JWT it belongs to.</summary>
/// <remarks>Not a record on purpose: nothing of it may be printed.</remarks>
internal sealed class LoginProof
{
    private LoginProof(string? nkey, string? jwt, string signature)
    {
        Nkey = nkey;
        Jwt = jwt;
        Signature = signature;
    }

    public string? Nkey { get; }

    public string? Jwt { get; }

    /// <summary>Base64url without padding.</summary>
    public string Signature { get; }

    /// <summary>Signs with what is in the file that the credentials name.</summary>
    /// <returns>Null when the credentials name no file.</returns>
    /// <exception cref="NatsException">The file cannot be used, or the server sent no nonce.</exception>
    public static LoginProof? Create(NatsCredentials credentials, string? nonce)
    {
        if (!LoginFile.TryOpen(credentials, nonce, out var file))
        {
            return null;
        }

        using (file)
        {
            Span<byte> signature = stackalloc byte[Ed25519.SignatureBytes];
            Ed25519.Sign(file.Key, Encoding.UTF8.GetBytes(nonce), signature);
            return new LoginProof(
                file.Jwt is null ? PublicKey(file.Key) : null, file.Jwt, Base64Url.EncodeToString(signature));
        }
    }

    private static string PublicKey(ReadOnlySpan<byte> key)
    {
        Span<byte> publicKey = stackalloc byte[Login.Nkey.KeyBytes];
        Ed25519.WritePublicKey(key, publicKey);
        return Login.Nkey.WriteUserPublicKey(publicKey);
    }
}
