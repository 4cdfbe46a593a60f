using System.Runtime.InteropServices;

namespace SensorGateway.Nats.Login;

/// <summary>Ed25519 by the system's OpenSSL 3; the .NET class library has none.</summary>
internal static partial class Ed25519
{
    public const int SignatureBytes = 64;

    private const string Crypto = "libcrypto.so.3";
    private const int KeyType = 1087; // EVP_PKEY_ED25519

    /// <summary>The public key of a private one, 32 bytes each.</summary>
    /// <exception cref="NatsException">OpenSSL is missing or refuses.</exception>
    public static unsafe void WritePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        var key = Load(privateKey);
        try
        {
            var length = (nuint)publicKey.Length;
            fixed (byte* target = publicKey)
            {
                Check(GetRawPublicKey(key, target, ref length) == 1 && length == (nuint)Nkey.KeyBytes);
            }
        }
        finally
        {
            FreeKey(key);
        }
    }

    /// <summary>Signs a message; 64 bytes.</summary>
    /// <exception cref="NatsException">OpenSSL is missing or refuses.</exception>
    public static unsafe void Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        var key = Load(privateKey);
        var context = NewContext();
        try
        {
            var length = (nuint)signature.Length;
            fixed (byte* target = signature, source = message)
            {
                Check(context != 0
                    && SignInit(context, 0, 0, 0, key) == 1
                    && Sign(context, target, ref length, source, (nuint)message.Length) == 1
                    && length == SignatureBytes);
            }
        }
        finally
        {
            FreeContext(context);
            FreeKey(key);
        }
    }

    private static unsafe nint Load(ReadOnlySpan<byte> privateKey)
    {
        try
        {
            fixed (byte* source = privateKey)
            {
                var key = NewPrivateKey(KeyType, 0, source, (nuint)privateKey.Length);
                Check(key != 0);
                return key;
            }
        }
        catch (Exception problem) when (problem is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new NatsException(
                $"signing with an nkey needs OpenSSL 3, and {Crypto} cannot be loaded; install libssl3", problem);
        }
    }

    private static void Check(bool worked)
    {
        if (!worked)
        {
            throw new NatsException("OpenSSL refused to sign with Ed25519; check its configuration (FIPS mode has none)");
        }
    }

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    private static unsafe partial nint NewPrivateKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    private static unsafe partial int GetRawPublicKey(nint key, byte* target, ref nuint length);

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_free")]
    private static partial void FreeKey(nint key);

    [LibraryImport(Crypto, EntryPoint = "EVP_MD_CTX_new")]
    private static partial nint NewContext();

    [LibraryImport(Crypto, EntryPoint = "EVP_MD_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Crypto, EntryPoint = "EVP_DigestSignInit")]
    private static partial int SignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Crypto, EntryPoint = "EVP_DigestSign")]
    private static unsafe partial int Sign(
        nint context, byte* signature, ref nuint signatureBytes, byte* message, nuint messageBytes);
}
