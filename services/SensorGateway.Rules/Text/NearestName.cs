namespace SensorGateway.Rules.Text;

/// <summary>Finds what a misspelt name probably means.</summary>
public static class NearestName
{
    private const int NameCharsMax = 64; // Longer names are no slip of the finger, and the table below stays small.

    /// <summary>A cure: the nearest known name, or all of them when none is near.</summary>
    public static string Cure(string given, IReadOnlyCollection<string> known) =>
        Cure(given, known, $"use one of {string.Join(", ", known)}");

    /// <summary>A cure: the nearest known name, or what else helps.</summary>
    public static string Cure(string given, IReadOnlyCollection<string> known, string otherwise) =>
        Of(given, known) is { } nearest ? $"did you mean '{nearest}'?" : otherwise;

    /// <summary>The known name that is nearest, if it is near enough to be meant; the first of several.</summary>
    public static string? Of(string given, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(given);
        var nearest = known.MinBy(name => Distance(given, name));
        return nearest is not null && Distance(given, nearest) <= Math.Max(1, nearest.Length / 3) ? nearest : null;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours between the two, letter case aside.</summary>
    private static int Distance(string left, string right)
    {
        if (left.Length > NameCharsMax)
        {
            return int.MaxValue;
        }

        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                table[i, j] = i == 0 || j == 0 ? i + j : Step(table, left, right, i, j);
            }
        }

        return table[left.Length, right.Length];
    }

    private static int Step(int[,] table, string left, string right, int i, int j)
    {
        var steps = Math.Min(table[i - 1, j], table[i, j - 1]) + 1;
        steps = Math.Min(steps, table[i - 1, j - 1] + (Same(left[i - 1], right[j - 1]) ? 0 : 1));
        var isSwap = i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]);
        return isSwap ? Math.Min(steps, table[i - 2, j - 2] + 1) : steps;
    }

    private static bool Same(char left, char right) =>
        char.ToLowerInvariant(left) == char.ToLowerInvariant(right) || (left is '_' or '-' && right is '_' or '-');
}
