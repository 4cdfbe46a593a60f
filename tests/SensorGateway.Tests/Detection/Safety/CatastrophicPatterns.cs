using System.Globalization;

namespace SensorGateway.Tests.Detection.Safety;

/// <summary>Patterns on which a backtracking matcher can work for ever, by family, with a byte that drives each.</summary>
internal static class CatastrophicPatterns
{
    /// <summary>What is repeated, and a byte that it takes.</summary>
    private static readonly (string Atom, char Drive)[] Atoms =
    [
        ("a", 'a'), ("[a-z]", 'q'), (@"\w", '_'), (@"\d", '7'), (@"\s", ' '), ("[^;!]", 'x'), (".", '.'), (@"[\x80-\xff]", '\u00e9'),
    ];

    /// <summary>@ stands for the atom.</summary>
    private static readonly string[] Cores =
    [
        "(?:@+)+", "(?:@*)*", "(?:@|@@)+", "(?:@|@?)+", "(?:@+k?)+", "(?:.*@){12}", "(?:@+@+)+", "(?:@|k|@k)+", "@*@*@*@*@*",
        "(?:@?){40}@{40}", "(?:@+)*(?:@+)*", "(?:(?:@+)+)+", "(?:@{1,30}){1,30}", "(?:@+?){2,}",
    ];

    /// <summary># stands for the core. The first three may have a linear form; the others cannot.</summary>
    private static readonly string[] Frames =
    [
        "^#$", "#;", "^x?#!", "^(?=#$)", "(?<!q)#;$", "^(k?)#\\1;$", "(?>x?)#!$", "^#(?!\\n)$", "(?=#;)#", "(?!#z)#;!", "^(x)?#(?(1);|!)$",
    ];

    public static IEnumerable<(string Pattern, char Drive)> All() =>
        from atom in Atoms
        from core in Cores
        from frame in Frames
        select (
            frame.Replace("#", core.Replace("@", atom.Atom, StringComparison.Ordinal), StringComparison.Ordinal),
            atom.Drive);

    /// <summary>Payloads of 4 KiB that almost match.</summary>
    public static IEnumerable<string> Payloads(char drive)
    {
        const int bytes = 4096;
        var all = new string(drive, bytes);
        yield return all;
        yield return all[1..] + "\x01";
        yield return string.Create(CultureInfo.InvariantCulture, $"x{all[3..]}\x01\n");
        yield return string.Concat(Enumerable.Repeat($"{drive}k", bytes / 2 - 1)) + "\x01;";
        yield return string.Concat(Enumerable.Repeat($"{drive}{drive};{drive}!", bytes / 5)) + drive;
    }
}
