using System.Globalization;
using SensorGateway.Profiling.Traces;

namespace SensorGateway.Profiling.Perf;

/// <summary>Frames as perf names them.</summary>
internal static class PerfFrames
{
    /// <summary>What the name of a kernel function ends with.</summary>
    public const string KernelMark = " [kernel]";

    /// <summary>
    /// <c>ffffffff8161df68 tcp_sendmsg+0x18 ([kernel.kallsyms])</c> becomes <c>tcp_sendmsg [kernel]</c>; a managed
    /// method, <c>void [Assembly] Type::Method(int)[Tier1]</c>, becomes <c>Type.Method</c>.
    /// </summary>
    /// <param name="line">One frame of perf's output.</param>
    /// <param name="map">For code in .NET's doubly mapped memory, of which perf knows no names.</param>
    public static string NameOf(ReadOnlySpan<char> line, JitMap map)
    {
        line = line.Trim();
        if (line.Contains(JitMap.FileName, StringComparison.Ordinal))
        {
            return ulong.TryParse(line[..Math.Max(0, line.IndexOf(' '))], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var at)
                && map.Find(at) is { } method
                    ? OfManaged(method)
                    : "unknown in .NET's compiled code";
        }

        var afterAddress = line.IndexOf(' ');
        var objectAt = line.LastIndexOf(" (");
        if (afterAddress < 0 || objectAt < afterAddress)
        {
            return "unknown";
        }

        var symbol = line[(afterAddress + 1)..objectAt];
        var place = line[(objectAt + 2)..].TrimEnd(')');
        var offset = symbol.LastIndexOf("+0x");
        symbol = offset > 0 ? symbol[..offset] : symbol;
        if (place.StartsWith("[kernel") || place.EndsWith(".ko"))
        {
            return FrameNames.Short(symbol.ToString()) + KernelMark;
        }

        if (symbol is "[unknown]")
        {
            return $"unknown in {FrameNames.Short(place[(place.LastIndexOf('/') + 1)..].ToString())}";
        }

        return place.Contains("perf-", StringComparison.Ordinal) ? OfManaged(symbol.ToString()) : FrameNames.Short(symbol.ToString());
    }

    private static string OfManaged(string symbol)
    {
        if (FrameNames.RuleOf(symbol) is { } rule)
        {
            return rule;
        }

        var assemblyEnd = symbol.IndexOf("] ", StringComparison.Ordinal);
        var name = assemblyEnd > 0 ? symbol[(assemblyEnd + 2)..] : symbol;
        var parameters = name.IndexOf('(', StringComparison.Ordinal);
        name = (parameters > 0 ? name[..parameters] : name).Replace("::", ".", StringComparison.Ordinal);
        return FrameNames.Short(name);
    }
}
