using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SensorGateway.Rules.Model;

namespace SensorGateway.TestKit.Detection.Hyperscan;

/// <summary>Hyperscan over the rules' own patterns, every rule reported once; guards are not asked. Owner: one thread.</summary>
public sealed unsafe class HyperscanDatabase : IDisposable
{
    private readonly nint _database;
    private readonly nint _scratch;
    private readonly int[] _found;

    private HyperscanDatabase(nint database, nint scratch, IReadOnlySet<int> refused, int rules)
    {
        (_database, _scratch, Refused) = (database, scratch, refused);
        _found = new int[rules + 1];
    }

    /// <summary>True when the library is there (Debian: libvectorscan5 or libhyperscan5).</summary>
    public static bool IsInstalled => HyperscanLibrary.IsInstalled;

    /// <summary>Indexes of the rules that Hyperscan does not take.</summary>
    public IReadOnlySet<int> Refused { get; }

    /// <summary>Compiles what Hyperscan takes.</summary>
    /// <param name="rules">Regexes and literals only.</param>
    /// <param name="flagsOf">Flags of a rule id, in the corpora's letters plus i.</param>
    /// <exception cref="InvalidOperationException">It takes none of them together.</exception>
    public static HyperscanDatabase Compile(RuleSet rules, Func<string, string> flagsOf)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(flagsOf);
        var patterns = rules.Rules.Select((rule, index) => Pattern.Of(rule, index, flagsOf(rule.Id))).ToList();
        var refused = new HashSet<int>();
        while (true)
        {
            var (database, failed) = TryCompile(patterns);
            if (database != 0)
            {
                nint scratch = 0;
                _ = HyperscanLibrary.AllocScratch(database, &scratch);
                return new HyperscanDatabase(database, scratch, refused, rules.Rules.Length);
            }

            refused.Add((int)patterns[failed].Rule);
            patterns.RemoveAt(failed);
        }
    }

    /// <summary>Indexes of the rules that match, in the order in which they do; valid until the next call.</summary>
    public ReadOnlySpan<int> Find(ReadOnlySpan<byte> payload)
    {
        fixed (byte* data = payload)
        fixed (int* found = _found)
        {
            found[0] = 0;
            byte none = 0; // An empty span has no address, and Hyperscan wants one.
            _ = HyperscanLibrary.Scan(
                _database, data == null ? &none : data, (uint)payload.Length, 0, _scratch, &HyperscanLibrary.Collect, found);
        }

        return _found.AsSpan(1, _found[0]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = HyperscanLibrary.FreeScratch(_scratch);
        _ = HyperscanLibrary.FreeDatabase(_database);
    }

    private static (nint Database, int Failed) TryCompile(List<Pattern> patterns)
    {
        var texts = patterns.Select(pattern => Marshal.StringToCoTaskMemUTF8(pattern.Text)).ToArray();
        var flags = patterns.Select(pattern => pattern.Flags).ToArray();
        var rules = patterns.Select(pattern => pattern.Rule).ToArray();
        nint database = 0;
        void* error = null;
        fixed (nint* text = texts)
        fixed (uint* flag = flags)
        fixed (uint* rule = rules)
        {
            _ = HyperscanLibrary.Compile(
                (byte**)text, flag, rule, (uint)patterns.Count, HyperscanLibrary.BlockMode, null, &database, &error);
        }

        Array.ForEach(texts, Marshal.FreeCoTaskMem);
        if (error is null)
        {
            return (database, -1);
        }

        var (message, expression) = HyperscanLibrary.Read(error);
        _ = HyperscanLibrary.FreeCompileError(error);
        return expression >= 0
            ? (0, expression)
            : throw new InvalidOperationException("Hyperscan refuses the whole set: " + message);
    }

    private readonly record struct Pattern(string Text, uint Flags, uint Rule)
    {
        public static Pattern Of(Rule rule, int index, string letters)
        {
            var flags = HyperscanLibrary.SingleMatch | HyperscanLibrary.AllowEmpty;
            flags |= letters.Contains('i', StringComparison.Ordinal) ? HyperscanLibrary.CaseLess : 0;
            flags |= letters.Contains('s', StringComparison.Ordinal) ? HyperscanLibrary.DotAll : 0;
            flags |= letters.Contains('m', StringComparison.Ordinal) ? HyperscanLibrary.MultiLine : 0;
            var extended = letters.Contains('x', StringComparison.Ordinal) ? "(?x)" : "";
            return rule.Match switch
            {
                RegexTerm regex => new Pattern(extended + regex.Pattern.Pcre, flags, (uint)index),
                LiteralTerm literal => new Pattern(
                    Escape(literal), flags | (literal.NoCase ? HyperscanLibrary.CaseLess : 0), (uint)index),
                _ => throw new ArgumentException("The corpora hold regexes and literals only.", nameof(rule)),
            };
        }

        private static string Escape(LiteralTerm literal)
        {
            var text = new StringBuilder();
            foreach (var value in literal.Bytes)
            {
                text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
            }

            return text.ToString();
        }
    }
}
