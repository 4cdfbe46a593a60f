using System.Text;
using System.Text.Json;
using SensorGateway.Nats;
using SensorGateway.Nats.Login;
using SensorGateway.Nats.Protocol;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.Tests.Nats;

public sealed class CredentialsFileTests
{
    private const string Jwt = "eyJh.eyJq.c2ln-_";

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void TryFind_FileAsToolsWriteIt_FindsBoth(string lineEnd)
    {
        var file = Encoding.ASCII.GetBytes(Creds(Jwt, "SUAB").Replace("\n", lineEnd, StringComparison.Ordinal));
        Assert.True(CredentialsText.TryFind(file, out var jwt, out var seed, out var problem), problem);
        Assert.Equal(Jwt, jwt);
        Assert.Equal("SUAB", Encoding.ASCII.GetString(seed));
    }

    [Theory]
    [InlineData("", "it has no block BEGIN NATS USER JWT; it is no credentials file")]
    [InlineData("-----BEGIN NATS USER JWT-----\nab\n------END NATS USER JWT------\n",
        "its JWT is not three base64url parts with dots between them; it was not copied whole")]
    [InlineData("-----BEGIN NATS USER JWT-----\na.b.c\n------END NATS USER JWT------\n",
        "it has no block BEGIN USER NKEY SEED; it is no complete credentials file")]
    public void TryFind_IncompleteFile_SaysWhatIsMissing(string text, string expected)
    {
        Assert.False(CredentialsText.TryFind(Encoding.ASCII.GetBytes(text), out _, out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void TryFind_RandomChanges_NeverThrowsAndNeverGivesAStrangeJwt()
    {
        var random = new Random(6);
        var file = Encoding.ASCII.GetBytes(Creds(Jwt, "SUAB"));
        for (var round = 0; round < 20_000; round++)
        {
            var changed = file[..random.Next(file.Length + 1)];
            for (var i = random.Next(4); i > 0 && changed.Length > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            var found = CredentialsText.TryFind(changed, out var jwt, out _, out var problem);
            Assert.Equal(found, problem is null);
            Assert.True(!found || jwt!.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));
        }
    }

    [Fact]
    public void Create_NkeyFile_ConnectLineHasKeyAndSignatureOnly()
    {
        var nkey = new TestNkey();
        using var file = new TestSecretFile($"# edge 1\n{nkey.Seed}\n");
        var credentials = NatsCredentials.None with { NkeyFile = file.Path };
        using var json = ConnectJson(credentials);
        Assert.Equal(nkey.PublicKey, json.RootElement.GetProperty("nkey").GetString());
        Assert.Matches("^[A-Za-z0-9_-]{86}$", json.RootElement.GetProperty("sig").GetString());
        Assert.False(json.RootElement.TryGetProperty("jwt", out _));
        Assert.DoesNotContain(nkey.Seed, json.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_CredentialsFile_ConnectLineHasJwtAndSignatureOnly()
    {
        using var file = new TestSecretFile(Creds(Jwt, new TestNkey().Seed));
        using var json = ConnectJson(NatsCredentials.None with { CredentialsFile = file.Path });
        Assert.Equal(Jwt, json.RootElement.GetProperty("jwt").GetString());
        Assert.Matches("^[A-Za-z0-9_-]{86}$", json.RootElement.GetProperty("sig").GetString());
        Assert.False(json.RootElement.TryGetProperty("nkey", out _));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "640")]
    [InlineData(UnixFileMode.OtherRead, "604")]
    [InlineData(UnixFileMode.OtherWrite, "602")]
    public void Create_FileThatOthersCanUse_IsRefused(UnixFileMode more, string mode)
    {
        using var file = new TestSecretFile(new TestNkey().Seed);
        file.SetMode(UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        Assert.Equal(
            $"{file.Path} has mode {mode}: users other than its owner have access; run chmod 600 {file.Path}",
            Refusal(file.Path));
    }

    [Fact]
    public void Create_FileThatIsNotUsable_SaysWhyWithoutItsContents()
    {
        Assert.StartsWith("cannot read /nowhere/at all: ", Refusal("/nowhere/at all"), StringComparison.Ordinal);
        var seed = new TestNkey().Seed;
        using var changed = new TestSecretFile(seed[..^1] + (seed[^1] == 'A' ? 'B' : 'A'));
        Assert.DoesNotContain(seed[4..20], Refusal(changed.Path), StringComparison.Ordinal);
        using var empty = new TestSecretFile(string.Empty);
        Assert.Equal(
            $"cannot log in with {empty.Path}: it has no line that starts with SU, as the seed of a user does",
            Refusal(empty.Path));
        using var huge = new TestSecretFile(new string('x', 100_000));
        Assert.Equal(
            $"{huge.Path} is longer than 65536 bytes; it is no nkey or credentials file", Refusal(huge.Path));
    }

    private static string Refusal(string path)
    {
        var credentials = NatsCredentials.None with { NkeyFile = path };
        var refusal = Assert.Throws<NatsException>(() => LoginProof.Create(credentials, "nonce"));
        Assert.True(refusal.IsRefused);
        return refusal.Message;
    }

    private static JsonDocument ConnectJson(NatsCredentials credentials)
    {
        var proof = LoginProof.Create(credentials, "bm9uY2U");
        var line = Encoding.UTF8.GetString(ConnectLine.Create("edge", credentials, "0.1.0", proof));
        return JsonDocument.Parse(line["CONNECT ".Length..line.IndexOf("\r\n", StringComparison.Ordinal)]);
    }

    private static string Creds(string jwt, string seed) =>
        $"""
        -----BEGIN NATS USER JWT-----
        {jwt}
        ------END NATS USER JWT------

        ************************* IMPORTANT *************************
        Keep the seed secret.

        -----BEGIN USER NKEY SEED-----
        {seed}
        ------END USER NKEY SEED------

        """;
}
