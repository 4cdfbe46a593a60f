using System.Collections.Immutable;

namespace SensorGateway.Nats.JetStream;

/// <summary>What a publisher wants to know of a stream.</summary>
public sealed record StreamSettings
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it stores, wildcards included.</summary>
    public required ImmutableArray<string> Subjects { get; init; }

    /// <summary>How long it knows a message by its id.</summary>
    public TimeSpan DuplicateWindow { get; init; }

    /// <summary>Largest message it takes; 0 without a limit of its own.</summary>
    public long MessageBytesMax { get; init; }

    /// <summary>True for a stream that never answers a publisher.</summary>
    public bool AnswersNothing { get; init; }

    /// <summary>True when every subject of the pattern goes into the stream.</summary>
    /// <param name="pattern">A subject in which <c>*</c> stands for any token.</param>
    public bool Covers(string pattern) => Subjects.Any(subject => Covers(subject.Split('.'), pattern.Split('.')));

    private static bool Covers(string[] wide, string[] narrow)
    {
        for (var i = 0; i < wide.Length; i++)
        {
            if (wide[i] == ">")
            {
                return narrow.Length > i;
            }

            if (i >= narrow.Length || (wide[i] != "*" && wide[i] != narrow[i]))
            {
                return false;
            }
        }

        return wide.Length == narrow.Length;
    }
}
