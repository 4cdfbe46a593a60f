using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SensorGateway.Nats.Login;

/// <summary>Finds the JWT and the seed in what a credentials or nkey file holds.</summary>
internal static class CredentialsText
{
    private static readonly SearchValues<byte> JwtLetters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."u8);

    /// <summary>Reads a .creds file: a block named USER JWT and one named USER NKEY SEED.</summary>
    public static bool TryFind(
        ReadOnlySpan<byte> text, out string? jwt, out ReadOnlySpan<byte> seed, [NotNullWhen(false)] out string? problem)
    {
        jwt = null;
        seed = default;
        if (!TryFindBlock(text, "USER JWT"u8, out var token))
        {
            problem = "it has no block BEGIN NATS USER JWT; it is no credentials file";
        }
        else if (token.Count((byte)'.') != 2 || token.ContainsAnyExcept(JwtLetters))
        {
            problem = "its JWT is not three base64url parts with dots between them; it was not copied whole";
        }
        else if (!TryFindBlock(text, "USER NKEY SEED"u8, out seed))
        {
            problem = "it has no block BEGIN USER NKEY SEED; it is no complete credentials file";
        }
        else
        {
            jwt = Encoding.ASCII.GetString(token);
            problem = null;
        }

        return problem is null;
    }

    /// <summary>Reads an nkey file: the first line that looks like a user's seed, with or without a block around.</summary>
    public static bool TryFindSeed(
        ReadOnlySpan<byte> text, out ReadOnlySpan<byte> seed, [NotNullWhen(false)] out string? problem)
    {
        while (TakeLine(ref text, out seed))
        {
            if (seed.StartsWith("SU"u8))
            {
                problem = null;
                return true;
            }
        }

        seed = default;
        problem = "it has no line that starts with SU, as the seed of a user does";
        return false;
    }

    // The first line that is not empty behind a line of dashes with BEGIN and the name; tools differ in the dashes.
    private static bool TryFindBlock(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        var inside = false;
        while (TakeLine(ref text, out content))
        {
            if (content.StartsWith("---"u8))
            {
                inside = content.IndexOf("BEGIN"u8) >= 0 && content.IndexOf(name) >= 0;
            }
            else if (inside && !content.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TakeLine(scoped ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        if (text.IsEmpty)
        {
            line = default;
            return false;
        }

        var end = text.IndexOf((byte)'\n');
        line = (end < 0 ? text : text[..end]).Trim(" \t\r"u8);
        text = end < 0 ? [] : text[(end + 1)..];
        return true;
    }
}
