using System.Text.RegularExpressions;

namespace SensorGateway.TestKit.PlainRules;

/// <summary>A condition as a straightforward program would check it, over one Latin-1 character per byte.</summary>
public abstract class PlainTerm
{
    /// <summary>True when the payload meets the condition.</summary>
    public abstract bool IsMatch(ReadOnlySpan<char> payload);
}

/// <summary>One compiled regex; its guard, if any, is a second condition.</summary>
public sealed class PlainRegex(Regex regex, IReadOnlyList<PlainLiteral> guards) : PlainTerm
{
    /// <inheritdoc/>
    public override bool IsMatch(ReadOnlySpan<char> payload)
    {
        if (!regex.IsMatch(payload))
        {
            return false;
        }

        for (var i = 0; i < guards.Count; i++)
        {
            if (guards[i].IsMatch(payload))
            {
                return true;
            }
        }

        return guards.Count == 0;
    }
}

/// <summary>Bytes anywhere in the payload.</summary>
public sealed class PlainLiteral(string literal, bool ignoreCase) : PlainTerm
{
    /// <inheritdoc/>
    public override bool IsMatch(ReadOnlySpan<char> payload) =>
        payload.Contains(literal, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}

/// <summary>At least one of several, or all of them.</summary>
public sealed class PlainGroup(PlainTerm[] terms, bool all) : PlainTerm
{
    /// <inheritdoc/>
    public override bool IsMatch(ReadOnlySpan<char> payload)
    {
        foreach (var term in terms)
        {
            if (term.IsMatch(payload) != all)
            {
                return !all;
            }
        }

        return all;
    }
}

/// <summary>The opposite of a term.</summary>
public sealed class PlainNot(PlainTerm term) : PlainTerm
{
    /// <inheritdoc/>
    public override bool IsMatch(ReadOnlySpan<char> payload) => !term.IsMatch(payload);
}
