using System.Buffers.Text;
using System.Text;

namespace SensorGateway.Tests.Simulation.Network;

/// <summary>What the watcher reads out of the gateway's messages.</summary>
internal static class Messages
{
    private const ulong FnvPrime = 1099511628211;

    /// <summary>The id of an alert or a summary.</summary>
    public static string IdOf(ReadOnlySpan<byte> json)
    {
        var start = json.IndexOf("\"id\":\""u8) + 6;
        return Encoding.UTF8.GetString(json.Slice(start, json[start..].IndexOf((byte)'"')));
    }

    /// <summary>The number that the source wrote into the payload; null for a summary.</summary>
    public static long? PayloadNumber(ReadOnlySpan<byte> json)
    {
        var mark = json.IndexOf(PayloadMark);
        return mark >= 0 && Utf8Parser.TryParse(json[(mark + PayloadMark.Length)..], out long number, out _) ? number : null;
    }

    /// <summary>Comes before that number.</summary>
    public static ReadOnlySpan<byte> PayloadMark => "payload-no "u8;

    /// <summary>Tells contents apart.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json)
    {
        var hash = 14695981039346656037;
        foreach (var one in subject)
        {
            hash = (hash ^ one) * FnvPrime;
        }

        hash = (hash ^ 256) * FnvPrime;
        foreach (var one in json)
        {
            hash = (hash ^ one) * FnvPrime;
        }

        return hash;
    }
}
