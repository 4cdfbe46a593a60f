using System.Text;
using System.Text.RegularExpressions;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Tests.Sources.Slicing;

/// <summary>The framings once more, written for clearness alone, over a whole stream at once.</summary>
internal static partial class PlainSlicing
{
    public static SliceOutcome Of(Framing framing, int payloadBytesMax, byte[] stream) => framing switch
    {
        Framing.LengthPrefixed => LengthPrefixed(payloadBytesMax, stream),
        Framing.Newline => Newline(payloadBytesMax, stream),
        _ => OctetCounted(payloadBytesMax, stream),
    };

    private static SliceOutcome LengthPrefixed(int max, byte[] stream)
    {
        var outcome = new SliceOutcome();
        var at = 0;
        while (stream.Length - at >= 4)
        {
            var length = ((long)stream[at] << 24) + (stream[at + 1] << 16) + (stream[at + 2] << 8) + stream[at + 3];
            if (length == 0 || length > max)
            {
                return Break(outcome, length == 0 ? RejectReason.EmptyFrame : RejectReason.TooLarge);
            }

            if (at + 4 + length > stream.Length)
            {
                break;
            }

            outcome.Payloads.Add(stream[(at + 4)..(int)(at + 4 + length)]);
            at += 4 + (int)length;
        }

        return at == stream.Length ? outcome : Break(outcome, RejectReason.CutFrame);
    }

    private static SliceOutcome Newline(int max, byte[] stream)
    {
        var outcome = new SliceOutcome();
        foreach (var text in Encoding.Latin1.GetString(stream).Split('\n'))
        {
            var line = text.EndsWith('\r') ? text[..^1] : text;
            if (line.Length > max)
            {
                outcome.Rejected.Add(RejectReason.TooLarge);
            }
            else if (line.Length > 0)
            {
                outcome.Payloads.Add(Encoding.Latin1.GetBytes(line));
            }
        }

        return outcome;
    }

    private static SliceOutcome OctetCounted(int max, byte[] stream)
    {
        var outcome = new SliceOutcome();
        var rest = Encoding.Latin1.GetString(stream);
        while (rest.Length > 0)
        {
            var digits = Digits().Match(rest).Value;
            for (var i = 1; i <= digits.Length; i++)
            {
                if (i == 2 && digits[0] == '0')
                {
                    return Break(outcome, RejectReason.BadFrame);
                }

                if (System.Numerics.BigInteger.Parse(digits[..i], null) > max)
                {
                    return Break(outcome, RejectReason.TooLarge);
                }
            }

            if (digits.Length == rest.Length)
            {
                return Break(outcome, RejectReason.CutFrame);
            }

            if (digits.Length == 0 || rest[digits.Length] != ' ')
            {
                return Break(outcome, RejectReason.BadFrame);
            }

            var length = int.Parse(digits, null);
            if (length == 0)
            {
                return Break(outcome, RejectReason.EmptyFrame);
            }

            var payload = rest[(digits.Length + 1)..];
            if (payload.Length < length)
            {
                return Break(outcome, RejectReason.CutFrame);
            }

            outcome.Payloads.Add(Encoding.Latin1.GetBytes(payload[..length]));
            rest = payload[length..];
        }

        return outcome;
    }

    private static SliceOutcome Break(SliceOutcome outcome, RejectReason reason)
    {
        outcome.Rejected.Add(reason);
        outcome.IsBroken = true;
        return outcome;
    }

    [GeneratedRegex("^[0-9]*")]
    private static partial Regex Digits();
}
