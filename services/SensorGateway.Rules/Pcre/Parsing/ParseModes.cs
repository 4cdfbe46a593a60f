namespace SensorGateway.Rules.Pcre.Parsing;

/// <summary>Modes in force at a place in the pattern; the first four have the values of <see cref="PcreModes"/>.</summary>
[Flags]
internal enum ParseModes
{
    None = 0,
    NoCase = PcreModes.NoCase,
    DotAll = PcreModes.DotAll,
    MultiLine = PcreModes.MultiLine,
    Extended = PcreModes.Extended,

    /// <summary><c>xx</c>: blanks are ignored inside classes too.</summary>
    ExtendedInClass = 16,

    /// <summary><c>n</c>: plain parentheses capture nothing.</summary>
    NoAutoCapture = 32,

    /// <summary><c>U</c>: quantifiers are lazy unless a <c>?</c> follows.</summary>
    Ungreedy = 64,
}
