namespace SensorGateway.Configuration;

/// <summary>What is wrong with one key, and the cure.</summary>
/// <param name="Key">Full name of the key, <c>publishing.batch.max_window</c>.</param>
/// <param name="Problem">Goes on where the key ends: <c>is 50ms</c>.</param>
/// <param name="Fix">An order to the reader: <c>use 0ms to 10ms</c>.</param>
public readonly record struct OptionProblem(string Key, string Problem, string Fix);

/// <summary>A fault in a file the user wrote; reads like a compiler error. The CLI prints it and exits with 3.</summary>
/// <param name="File">The file, the name of an environment variable, or a flag as given.</param>
/// <param name="Line">Counts from 1; 0 where there are no lines, as in a flag.</param>
/// <param name="Column">Counts from 1.</param>
/// <param name="Option">What is wrong there.</param>
public readonly record struct ConfigProblem(string File, int Line, int Column, OptionProblem Option)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0
        ? $"{File}: {Option.Key} {Option.Problem}; {Option.Fix}."
        : $"{File}:{Line}:{Column}: {Option.Key} {Option.Problem}; {Option.Fix}.";
}
