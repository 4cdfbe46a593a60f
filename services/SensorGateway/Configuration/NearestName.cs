namespace SensorGateway.Configuration;

/// <summary>Finds what somebody who mistyped a name most likely meant.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the smallest edit distance, if it is near enough to be a slip; otherwise null.</summary>
    public static string? Of(string given, IEnumerable<string> candidates)
    {
        // Longer texts are no slips of a key, and the distance costs the product of the lengths.
        if (given.Length > 64)
        {
            return null;
        }

        var best = candidates
            .Select(name => (Name: name, Distance: Distance(given, name)))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(1, Math.Min(given.Length, best.Name.Length) / 3 + 1)
            ? best.Name
            : null;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours, case ignored.</summary>
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= right.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                var distance = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                {
                    distance = Math.Min(distance, rows[i - 2, j - 2] + 1);
                }

                rows[i, j] = distance;
            }
        }

        return rows[left.Length, right.Length];
    }

    private static bool Same(char left, char right) =>
        char.ToLowerInvariant(left) == char.ToLowerInvariant(right) || (left is '_' or '-' && right is '_' or '-');
}
