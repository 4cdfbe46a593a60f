using System.Buffers.Text;
using System.Security.Cryptography;
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

    /// <summary>Reads the file that the credentials name, each time anew: it may have been replaced.</summary>
    /// <returns>Null when the credentials name no file.</returns>
    /// <exception cref="NatsException">The file cannot be used, or the server sent no nonce.</exception>
    public static LoginProof? Create(NatsCredentials credentials, string? nonce)
    {
        var path = credentials.CredentialsFile ?? credentials.NkeyFile;
        if (path is null)
        {
            return null;
        }

        if (string.IsNullOrEmpty(nonce))
        {
            throw SecretFile.Unusable(
                "the server asks for no signature (INFO without nonce), so it has no nkeys or JWTs; "
                + "give it some, or log in without a file");
        }

        using var file = SecretFile.Read(path);
        return Sign(path, file.Text, credentials.CredentialsFile is not null, nonce);
    }

    private static LoginProof Sign(string path, ReadOnlySpan<byte> text, bool hasJwt, string nonce)
    {
        Span<byte> key = stackalloc byte[Login.Nkey.KeyBytes];
        try
        {
            string? jwt = null;
            var seed = ReadOnlySpan<byte>.Empty;
            string? problem;
            var found = hasJwt
                ? CredentialsText.TryFind(text, out jwt, out seed, out problem)
                : CredentialsText.TryFindSeed(text, out seed, out problem);
            if (!found || !Login.Nkey.TryReadUserSeed(seed, key, out problem))
            {
                throw SecretFile.Unusable($"cannot log in with {path}: {problem}");
            }

            Span<byte> signature = stackalloc byte[Ed25519.SignatureBytes];
            Ed25519.Sign(key, Encoding.UTF8.GetBytes(nonce), signature);
            return new LoginProof(hasJwt ? null : PublicKey(key), jwt, Base64Url.EncodeToString(signature));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static string PublicKey(ReadOnlySpan<byte> key)
    {
        Span<byte> publicKey = stackalloc byte[Login.Nkey.KeyBytes];
        Ed25519.WritePublicKey(key, publicKey);
        return Login.Nkey.WriteUserPublicKey(publicKey);
    }
}
