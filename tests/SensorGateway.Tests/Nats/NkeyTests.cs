using System.Text;
using SensorGateway.Nats;
using SensorGateway.Nats.Login;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.Tests.Nats;

public sealed class NkeyTests
{
    [Fact]
    public void Ed25519_FirstVectorsOfRfc8032_GiveItsKeysAndSignatures()
    {
        Check(
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
        Check(
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

        static void Check(string seed, string publicKey, string message, string signature)
        {
            var key = new byte[32];
            var signed = new byte[64];
            Ed25519.WritePublicKey(Convert.FromHexString(seed), key);
            Ed25519.Sign(Convert.FromHexString(seed), Convert.FromHexString(message), signed);
            Assert.Equal(publicKey, Convert.ToHexStringLower(key));
            Assert.Equal(signature, Convert.ToHexStringLower(signed));
        }
    }

    [Fact]
    public void Crc16_CheckString_GivesTheXmodemValue() => Assert.Equal(0x31C3, Nkey.Crc16("123456789"u8));

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_ExamplesOfRfc4648_MatchBothWays(string text, string encoded)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal(encoded, Base32.Encode(bytes));
        var decoded = new byte[bytes.Length];
        Assert.True(Base32.TryDecode(Encoding.ASCII.GetBytes(encoded), decoded));
        Assert.Equal(bytes, decoded);
        Assert.False(Base32.TryDecode(Encoding.ASCII.GetBytes(encoded + "A"), decoded));
    }

    [Fact]
    public void TryReadUserSeed_OwnSeed_GivesTheKeyBehindThePublicOne()
    {
        var nkey = new TestNkey();
        var key = new byte[32];
        Assert.True(Nkey.TryReadUserSeed(Encoding.ASCII.GetBytes(nkey.Seed), key, out var problem), problem);
        var publicKey = new byte[32];
        Ed25519.WritePublicKey(key, publicKey);
        Assert.StartsWith("SU", nkey.Seed, StringComparison.Ordinal);
        Assert.StartsWith("U", nkey.PublicKey, StringComparison.Ordinal);
        Assert.Equal(nkey.PublicKey, Nkey.WriteUserPublicKey(publicKey));
    }

    [Fact]
    public void TryReadUserSeed_AnyLetterChanged_IsRefusedAndLeavesNoKey()
    {
        var random = new Random(5);
        var seed = Encoding.ASCII.GetBytes(new TestNkey().Seed);
        for (var round = 0; round < 5000; round++)
        {
            var changed = seed.ToArray();
            var place = random.Next(changed.Length);
            changed[place] = (byte)random.Next(256);
            var key = new byte[32];
            var same = changed[place] == seed[place];
            Assert.Equal(same, Nkey.TryReadUserSeed(changed, key, out var problem));
            Assert.Equal(same, problem is null);
            Assert.Equal(same, key.Any(b => b != 0));
        }
    }

    [Fact]
    public void TryReadUserSeed_OtherKeys_SaysWhichIsWanted()
    {
        Assert.Equal("the seed is not a user's (those start with SU)", Problem(new TestNkey(TestNkey.Account).Seed));
        Assert.Equal("the seed has 56 letters instead of 58", Problem(new TestNkey().PublicKey));
        Assert.Equal("the seed has 0 letters instead of 58", Problem(string.Empty));

        static string? Problem(string seed)
        {
            Assert.False(Nkey.TryReadUserSeed(Encoding.ASCII.GetBytes(seed), new byte[32], out var problem));
            return problem;
        }
    }

    [Fact]
    public void Options_WithSecrets_PrintNone()
    {
        var options = new NatsOptions
        {
            Servers = [new NatsEndpoint("a", 1) { Credentials = new("edge", "secret-1", null) }],
            Token = "secret-2",
            Password = "secret-3",
            CredentialsFile = "/etc/edge.creds",
        };
        var text = $"{options} {options.Credentials} {options.Servers[0]}";
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains("/etc/edge.creds", text, StringComparison.Ordinal);
    }
}
