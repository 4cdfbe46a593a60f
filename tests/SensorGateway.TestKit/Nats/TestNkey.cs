using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SensorGateway.Nats.Login;

namespace SensorGateway.TestKit.Nats;

/// <summary>A fresh key pair of an operator, an account or a user, as NATS writes them.</summary>
public sealed class TestNkey
{
    /// <summary>First letter O.</summary>
    public const int Operator = 14 << 3;

    /// <summary>First letter A.</summary>
    public const int Account = 0;

    /// <summary>First letter U.</summary>
    public const int User = 20 << 3;

    private readonly byte[] _privateKey = RandomNumberGenerator.GetBytes(Nkey.KeyBytes);

    /// <param name="prefix">One of the prefixes above.</param>
    public TestNkey(int prefix = User)
    {
        var publicKey = new byte[Nkey.KeyBytes];
        Ed25519.WritePublicKey(_privateKey, publicKey);
        PublicKey = Encode([(byte)prefix, .. publicKey]);
        Seed = Encode([(byte)(0x90 | (prefix >> 5)), (byte)((prefix & 31) << 3), .. _privateKey]);
    }

    /// <summary>What the server may know.</summary>
    public string PublicKey { get; }

    /// <summary>What only the client may know.</summary>
    public string Seed { get; }

    /// <summary>A claim about somebody, signed by this key. The members are those behind <c>"nats"</c>.</summary>
    public string SignClaim(string subject, string members)
    {
        const string Header = """{"typ":"JWT","alg":"ed25519-nkey"}""";
        var claims = $$"""
            {"jti":"{{subject}}","iat":1700000000,"iss":"{{PublicKey}}","name":"test","sub":"{{subject}}","nats":{{members}}}
            """;
        var text = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        var signature = new byte[Ed25519.SignatureBytes];
        Ed25519.Sign(_privateKey, Encoding.ASCII.GetBytes(text), signature);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(byte[] prefixAndKey)
    {
        var crc = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(crc, Nkey.Crc16(prefixAndKey));
        return Base32.Encode([.. prefixAndKey, .. crc]);
    }
}
