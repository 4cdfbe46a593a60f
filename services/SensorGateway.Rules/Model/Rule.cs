using System.Collections.Immutable;

namespace SensorGateway.Rules.Model;

/// <summary>One detection rule as its author wrote it. Immutable.</summary>
public sealed record Rule
{
    /// <summary>Unique in its set; letters, digits and <c>. _ - :</c>.</summary>
    public required string Id { get; init; }

    /// <summary>One line for people; the id where the author gave none.</summary>
    public required string Title { get; init; }

    /// <summary>Default <see cref="Model.Severity.Medium"/>.</summary>
    public Severity Severity { get; init; } = Severity.Medium;

    /// <summary>Free tags, such as <c>attack.t1059.007</c>.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Shown in alerts; some licences demand it.</summary>
    public string? Author { get; init; }

    /// <summary>When the rule matches.</summary>
    public required MatchNode Match { get; init; }

    /// <summary>How long repeats of this rule from one sensor are held back after the first; zero sends each.</summary>
    public TimeSpan SuppressFor { get; init; }

    /// <summary>Payloads that must match and payloads that must not.</summary>
    public RuleExamples Examples { get; init; } = RuleExamples.None;

    /// <summary>Where the rule stands.</summary>
    public required SourcePosition Position { get; init; }
}

/// <summary>Payloads an author gave to prove a rule, already unescaped to bytes.</summary>
public sealed record RuleExamples(ImmutableArray<ImmutableArray<byte>> Match, ImmutableArray<ImmutableArray<byte>> Clean)
{
    /// <summary>No examples.</summary>
    public static RuleExamples None { get; } = new([], []);

    /// <summary>Where each of <see cref="Match"/> stands; empty for rules that were not read from a file.</summary>
    public ImmutableArray<SourcePosition> MatchPositions { get; init; } = [];

    /// <summary>Where each of <see cref="Clean"/> stands; empty for rules that were not read from a file.</summary>
    public ImmutableArray<SourcePosition> CleanPositions { get; init; } = [];
}

/// <summary>A place in a file the user wrote. Line and column count from 1; line 0 means the file as a whole.</summary>
public readonly record struct SourcePosition(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
