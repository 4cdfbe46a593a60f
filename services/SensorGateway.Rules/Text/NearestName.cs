namespace SensorGateway.Rules.Text;

/// <summary>Finds what a misspelt name probably means.</summary>
internal static class NearestName
{
    private const int NameCharsMax = 64; // Longer names are no slip of the finger, and the table below stays small.

    /// <summary>A cure: the nearest known name, or all of them when none is near.</summary>
    public static string Cure(string given, IReadOnlyCollection<string> known)
    {
        var nearest = known.MinBy(name => Distance(given, name));
        return nearest is not null && Distance(given, nearest) <= Math.Max(1, nearest.Length / 3)
            ? $"did you mean '{nearest}'?"
            : $"use one of {string.Join(", ", known)}";
    }

    /// <summary>Insertions, deletions and replacements between the two, letter case aside.</summary>
    private static int Distance(string left, string right)
    {
        if (left.Length > NameCharsMax)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 0; i < left.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < right.Length; j++)
            {
                var same = char.ToLowerInvariant(left[i]) == char.ToLowerInvariant(right[j]);
                (diagonal, row[j + 1]) = (row[j + 1], Math.Min(Math.Min(row[j], row[j + 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
