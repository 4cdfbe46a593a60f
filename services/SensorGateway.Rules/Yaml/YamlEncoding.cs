using System.Text;
using SensorGateway.Rules.Files;

namespace SensorGateway.Rules.Yaml;

/// <summary>Turns the bytes of a file into text: UTF-8 and nothing else.</summary>
internal static class YamlEncoding
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <returns>The text, or null with the first broken place noted.</returns>
    public static string? Decode(ReadOnlySpan<byte> file, ProblemLog problems)
    {
        try
        {
            return StrictUtf8.GetString(file.StartsWith("\uFEFF"u8) ? file[3..] : file);
        }
        catch (DecoderFallbackException)
        {
            var good = ValidPrefix(file);
            var line = file[..good].Count((byte)'\n') + 1;
            var column = Encoding.UTF8.GetCharCount(file[(file[..good].LastIndexOf((byte)'\n') + 1)..good]) + 1;
            problems.Add(line, column, "this is not valid UTF-8", @"save the file as UTF-8; write other bytes as \xHH");
            return null;
        }
    }

    private static int ValidPrefix(ReadOnlySpan<byte> file)
    {
        var good = 0;
        while (Rune.DecodeFromUtf8(file[good..], out _, out var taken) == System.Buffers.OperationStatus.Done)
        {
            good += taken;
        }

        return good;
    }
}
