using System.Runtime.InteropServices;
using System.Text;

namespace SensorGateway.Tests.Rules.Pcre;

/// <summary>The system's own PCRE2 in byte mode, where 10.42 is installed: the judge of what a pattern means.</summary>
/// <remarks>Later versions read <c>{,3}</c> and blanks in braces differently.</remarks>
internal sealed unsafe partial class Pcre2 : IDisposable
{
    private const string Library = "libpcre2-8.so.0";

    // Its optimisations are off: 10.42 misses matches of \N?\R and of groups repeated {0} with them.
    private const uint Options = 0x0000_4000 | 0x0000_8000 | 0x0001_0000;

    private readonly nint _code;
    private readonly nint _matchData;

    private Pcre2(nint code)
    {
        _code = code;
        _matchData = pcre2_match_data_create_from_pattern_8(code, 0);
    }

    public static bool IsInstalled { get; } =
        NativeLibrary.TryLoad(Library, out _) && Version().StartsWith("10.42 ", StringComparison.Ordinal);

    /// <summary>Null when PCRE2 refuses the pattern.</summary>
    public static Pcre2? Compile(string pattern)
    {
        var bytes = Encoding.UTF8.GetBytes(pattern + '\0');
        fixed (byte* start = bytes)
        {
            var code = pcre2_compile_8(start, (nuint)(bytes.Length - 1), Options, out _, out _, 0);
            return code == 0 ? null : new Pcre2(code);
        }
    }

    /// <summary>Start and length of the first match; null for none. False when a limit was hit.</summary>
    public bool TryMatch(ReadOnlySpan<byte> payload, out (int Offset, int Length)? match)
    {
        byte[] terminated = [.. payload, 0];
        fixed (byte* start = terminated)
        {
            var result = pcre2_match_8(_code, start, (nuint)payload.Length, 0, 0, _matchData, 0);
            var ends = pcre2_get_ovector_pointer_8(_matchData);
            match = result < 0 ? null : ((int)ends[0], (int)(ends[1] - ends[0]));
            return result >= -1;
        }
    }

    public void Dispose()
    {
        pcre2_match_data_free_8(_matchData);
        pcre2_code_free_8(_code);
    }

    private static string Version()
    {
        const uint versionText = 11;
        var bytes = stackalloc byte[64];
        _ = pcre2_config_8(versionText, bytes);
        return Marshal.PtrToStringAnsi((nint)bytes)!;
    }

    [LibraryImport(Library)]
    private static partial int pcre2_config_8(uint what, byte* where);

    [LibraryImport(Library)]
    private static partial nint pcre2_compile_8(byte* pattern, nuint length, uint options, out int error, out nuint offset, nint context);

    [LibraryImport(Library)]
    private static partial nint pcre2_match_data_create_from_pattern_8(nint code, nint context);

    [LibraryImport(Library)]
    private static partial int pcre2_match_8(nint code, byte* subject, nuint length, nuint start, uint options, nint matchData, nint context);

    [LibraryImport(Library)]
    private static partial nuint* pcre2_get_ovector_pointer_8(nint matchData);

    [LibraryImport(Library)]
    private static partial void pcre2_match_data_free_8(nint matchData);

    [LibraryImport(Library)]
    private static partial void pcre2_code_free_8(nint code);
}
