using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SensorGateway.Pipeline.Sensors;

/// <summary>Whoever sends payloads, as alerts name it. Immutable.</summary>
/// <param name="Handle">Index in the <see cref="SensorTable"/>; travels through the rings in place of a reference.</param>
/// <param name="Id">The sensor id, from the source's <c>sensor:</c> template.</param>
/// <param name="Source">Id of the source it speaks through.</param>
public sealed record Sensor(int Handle, string Id, string Source)
{
    /// <summary>The id as one token of a NATS subject: every character outside <c>A-Za-z0-9_-</c> becomes <c>_</c>.</summary>
    public string SubjectToken { get; } = ToSubjectToken(Id);

    /// <summary><see cref="SubjectToken"/> as bytes.</summary>
    public ReadOnlyMemory<byte> SubjectTokenUtf8 { get; } = Encoding.ASCII.GetBytes(ToSubjectToken(Id));

    /// <summary>The source's id as one token of a subject.</summary>
    public ReadOnlyMemory<byte> SourceTokenUtf8 { get; } = Encoding.ASCII.GetBytes(ToSubjectToken(Source));

    /// <summary>The id, escaped for JSON once.</summary>
    public JsonEncodedText IdJson { get; } = ToJson(Id);

    /// <summary>The source's id, escaped for JSON once.</summary>
    public JsonEncodedText SourceJson { get; } = ToJson(Source);

    /// <summary>Same for equal ids in every run; picks the connection, so that a sensor's alerts keep their order.</summary>
    public uint Hash { get; } = StableHash(Id);

    /// <summary>Makes any text one token of a NATS subject.</summary>
    public static string ToSubjectToken(string text) => text.Length == 0
        ? "_"
        : string.Create(text.Length, text, static (token, source) =>
        {
            for (var i = 0; i < token.Length; i++)
            {
                token[i] = char.IsAsciiLetterOrDigit(source[i]) || source[i] is '_' or '-' ? source[i] : '_';
            }
        });

    /// <summary>Escapes any text for JSON; half a surrogate pair becomes U+FFFD, where .NET's own call would throw.</summary>
    internal static JsonEncodedText ToJson(string text) =>
        JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    private static uint StableHash(string text)
    {
        // FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/
        var hash = 2166136261u;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 16777619u;
        }

        return hash ^ hash >> 15;
    }
}
