using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SensorGateway.Nats.Login;

/// <summary>User seeds and public keys as NATS writes them: base32 of a prefix, the key and a CRC-16.</summary>
internal static class Nkey
{
    public const int KeyBytes = 32;

    /// <summary>Length of a seed as text.</summary>
    public const int SeedLetters = 58;

    private const int SeedRawBytes = 2 + KeyBytes + CrcBytes;
    private const int CrcBytes = 2;

    // The prefixes fill five bits each, so that the text starts with S for a seed and U for a user.
    private const int SeedPrefix = 18 << 3;
    private const int UserPrefix = 20 << 3;

    /// <summary>Reads a user's seed. What is wrong is said without repeating any of it.</summary>
    /// <param name="text">Base32 letters without white space.</param>
    /// <param name="key">Gets the 32 bytes of the private key; the caller clears them.</param>
    /// <param name="problem">What is wrong, when the answer is false.</param>
    public static bool TryReadUserSeed(
        ReadOnlySpan<byte> text, Span<byte> key, [NotNullWhen(false)] out string? problem)
    {
        Span<byte> raw = stackalloc byte[SeedRawBytes];
        try
        {
            problem = text.Length != SeedLetters ? $"the seed has {text.Length} letters instead of {SeedLetters}"
                : !Base32.TryDecode(text, raw) ? "the seed has letters that are not base32 (A-Z, 2-7)"
                : Crc16(raw[..^CrcBytes]) != BinaryPrimitives.ReadUInt16LittleEndian(raw[^CrcBytes..])
                    ? "the checksum of the seed is wrong; it was changed or not copied whole"
                : (raw[0] & 0xF8) != SeedPrefix ? "it is not a seed (those start with S)"
                : (((raw[0] & 7) << 5) | ((raw[1] & 0xF8) >> 3)) != UserPrefix
                    ? "the seed is not a user's (those start with SU)"
                : null;
            if (problem is null)
            {
                raw.Slice(2, KeyBytes).CopyTo(key);
            }

            return problem is null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    /// <summary>A user's public key: 56 letters, the first a U.</summary>
    public static string WriteUserPublicKey(ReadOnlySpan<byte> publicKey)
    {
        Span<byte> raw = stackalloc byte[1 + KeyBytes + CrcBytes];
        raw[0] = UserPrefix;
        publicKey.CopyTo(raw[1..]);
        BinaryPrimitives.WriteUInt16LittleEndian(raw[^CrcBytes..], Crc16(raw[..^CrcBytes]));
        return Base32.Encode(raw);
    }

    /// <summary>CRC-16 with the polynomial 0x1021 from 0, as XMODEM has it.</summary>
    public static ushort Crc16(ReadOnlySpan<byte> bytes)
    {
        var crc = 0;
        foreach (var value in bytes)
        {
            crc ^= value << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            }
        }

        return (ushort)crc;
    }
}
