using System.Collections.Immutable;

namespace SensorGateway.Rules.Model;

/// <summary>One way of decoding a payload before a term looks at it.</summary>
public enum TransformStep : byte
{
    /// <summary><c>%HH</c> becomes that byte, <c>%uHHHH</c> that character in UTF-8, <c>+</c> a blank.</summary>
    UrlDecode,

    /// <summary><c>&amp;lt;</c>, <c>&amp;#60;</c> and <c>&amp;#x3c;</c> become the character in UTF-8.</summary>
    HtmlDecode,

    /// <summary>A-Z become a-z; other bytes stay.</summary>
    Lowercase,

    /// <summary>Each run of base64 characters that is long enough becomes its bytes, in its place.</summary>
    Base64Decode,

    /// <summary>Text in UTF-16 of either byte order loses its zero bytes, in its place.</summary>
    Utf16ToBytes,
}

/// <summary>The transforms of a term, in the order in which they are applied. Immutable; equal when the steps are.</summary>
public sealed class TransformChain : IEquatable<TransformChain>
{
    /// <summary>Most steps of one chain.</summary>
    public const int StepsMax = 8;

    private static readonly ImmutableArray<(string Name, TransformStep Step)> Names =
    [
        ("url-decode", TransformStep.UrlDecode),
        ("html-decode", TransformStep.HtmlDecode),
        ("lowercase", TransformStep.Lowercase),
        ("base64-decode", TransformStep.Base64Decode),
        ("utf16-to-bytes", TransformStep.Utf16ToBytes),
    ];

    /// <param name="steps">At most <see cref="StepsMax"/>, in order.</param>
    public TransformChain(params ImmutableArray<TransformStep> steps)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps.Length, StepsMax, nameof(steps));
        Steps = steps;
        Name = string.Join(',', steps.Select(NameOf));
    }

    /// <summary>No transform: the payload as it came.</summary>
    public static TransformChain None { get; } = new();

    /// <summary>The names a rule may use, in the order of the reference.</summary>
    public static ImmutableArray<string> StepNames { get; } = [.. Names.Select(each => each.Name)];

    /// <summary>The steps.</summary>
    public ImmutableArray<TransformStep> Steps { get; }

    /// <summary>The steps' names as alerts show them, with commas between; empty for <see cref="None"/>.</summary>
    public string Name { get; }

    /// <summary>True for <see cref="None"/>.</summary>
    public bool IsNone => Steps.IsEmpty;

    /// <summary>The step of this name, or null.</summary>
    public static TransformStep? StepOf(string name)
    {
        var index = StepNames.IndexOf(name);
        return index < 0 ? null : Names[index].Step;
    }

    /// <summary>The name of a step.</summary>
    public static string NameOf(TransformStep step) => Names.First(each => each.Step == step).Name;

    /// <inheritdoc/>
    public bool Equals(TransformChain? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TransformChain);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Name, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
