using System.Globalization;

namespace SensorGateway.Profiling.Perf;

/// <summary>Where the code that .NET has compiled lies, and what it is.</summary>
/// <remarks>
/// .NET keeps its code in a nameless file mapped twice, once to write and once to run, and perf gives addresses within
/// that file. The kernel's list of mappings leads from there to the addresses in the runtime's own table.
/// </remarks>
internal sealed class JitMap
{
    /// <summary>What perf calls that file.</summary>
    public const string FileName = "/memfd:doublemapper";

    private const int LinesMax = 1_000_000;

    private readonly List<(ulong Offset, ulong Bytes, ulong Address)> _mappings = [];
    private readonly List<(ulong Address, ulong Bytes, string Name)> _methods = [];

    /// <param name="mappings">The text of /proc/N/maps.</param>
    /// <param name="methods">The text of /tmp/perf-N.map: address, size and name, in hexadecimal.</param>
    public JitMap(IEnumerable<string> mappings, IEnumerable<string> methods)
    {
        foreach (var line in mappings.Where(static line => line.Contains(FileName, StringComparison.Ordinal)))
        {
            AddMapping(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        foreach (var line in methods.Take(LinesMax))
        {
            AddMethod(line);
        }

        _methods.Sort(static (one, other) => one.Address.CompareTo(other.Address));
    }

    /// <summary>Of a process that is running still.</summary>
    public static JitMap Of(int processId) =>
        new(ReadLines($"/proc/{processId}/maps"), ReadLines($"/tmp/perf-{processId}.map"));

    /// <summary>The method at a place in that file, or null.</summary>
    public string? Find(ulong offset)
    {
        foreach (var mapping in _mappings)
        {
            if (offset - mapping.Offset < mapping.Bytes)
            {
                return FindAt(mapping.Address + (offset - mapping.Offset));
            }
        }

        return null;
    }

    private string? FindAt(ulong address)
    {
        var (low, high) = (0, _methods.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _methods[middle].Address <= address ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && address - _methods[low - 1].Address < _methods[low - 1].Bytes ? _methods[low - 1].Name : null;
    }

    private void AddMapping(string[] fields)
    {
        var ends = fields.Length > 2 ? fields[0].Split('-') : [];
        if (ends.Length == 2
            && fields[1].Contains('x', StringComparison.Ordinal)
            && TryHex(ends[0], out var from)
            && TryHex(ends[1], out var to)
            && TryHex(fields[2], out var offset)
            && to > from)
        {
            _mappings.Add((offset, to - from, from));
        }
    }

    private void AddMethod(string line)
    {
        var first = line.IndexOf(' ', StringComparison.Ordinal);
        var second = first < 0 ? -1 : line.IndexOf(' ', first + 1);
        if (second > 0 && TryHex(line.AsSpan(0, first), out var address) && TryHex(line.AsSpan(first + 1, second - first - 1), out var bytes))
        {
            _methods.Add((address, bytes, line[(second + 1)..]));
        }
    }

    private static bool TryHex(ReadOnlySpan<char> text, out ulong value) => ulong.TryParse(
        text.StartsWith("0x") ? text[2..] : text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return []; // Frames of compiled code then stay unknown, and the picture says so.
        }
    }
}
