using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SensorGateway.Nats.Login;

/// <summary>An nkey or credentials file as read for one login; Dispose clears it.</summary>
internal sealed class LoginFile : IDisposable
{
    private readonly SecretFile _file;
    private readonly byte[] _key = GC.AllocateArray<byte>(Nkey.KeyBytes, pinned: true); // A moved copy would stay behind.
    private readonly Range _seed;

    private LoginFile(string path, bool hasJwt)
    {
        _file = SecretFile.Read(path);
        try
        {
            var jwt = default(string);
            var found = hasJwt
                ? CredentialsText.TryFind(_file.Text, out jwt, out var seed, out var problem)
                : CredentialsText.TryFindSeed(_file.Text, out seed, out problem);
            if (!found || !Nkey.TryReadUserSeed(seed, _key, out problem))
            {
                throw SecretFile.Unusable($"cannot log in with {path}: {problem}");
            }

            Jwt = jwt;
            _file.Text.Overlaps(seed, out var start);
            _seed = start..(start + seed.Length);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Only of a credentials file.</summary>
    public string? Jwt { get; }

    /// <summary>The user's seed as text, checked.</summary>
    public ReadOnlySpan<byte> Seed => _file.Text[_seed];

    /// <summary>The private key that the seed stands for.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <summary>Reads the file that the credentials name, each time anew: it may have been replaced.</summary>
    /// <param name="credentials">Who we are.</param>
    /// <param name="nonce">What the server wants signed.</param>
    /// <param name="file">The file, when the answer is true.</param>
    /// <returns>False when the credentials name no file.</returns>
    /// <exception cref="NatsException">The file cannot be used, or the server sent no nonce.</exception>
    public static bool TryOpen(
        NatsCredentials credentials, [NotNullWhen(true)] string? nonce, [NotNullWhen(true)] out LoginFile? file)
    {
        file = null;
        var path = credentials.CredentialsFile ?? credentials.NkeyFile;
        if (path is null)
        {
            return false;
        }

        if (string.IsNullOrEmpty(nonce))
        {
            throw SecretFile.Unusable(
                "the server asks for no signature (INFO without nonce), so it has no nkeys or JWTs; "
                + "give it some, or log in without a file");
        }

        file = new LoginFile(path, credentials.CredentialsFile is not null);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_key);
        _file.Dispose();
    }
}
