using System.Globalization;
using System.Text;

namespace SensorGateway.Configuration;

/// <summary>Text of the user's as it may stand in a message or on a terminal: short, one line, no control characters.</summary>
internal static class Printable
{
    private const int ShortCharacters = 60;

    /// <summary>At most 60 characters, control characters as <c>\xHH</c>, in no quotes.</summary>
    public static string Short(string text) => Cut(text, ShortCharacters);

    /// <summary>All of it, control characters as <c>\xHH</c>.</summary>
    public static string Whole(string text) => Cut(text, int.MaxValue);

    /// <summary><see cref="Short"/> in single quotes.</summary>
    public static string Quote(string text) => $"'{Short(text)}'";

    private static string Cut(string text, int charactersMax)
    {
        var shown = new StringBuilder();
        foreach (var character in text)
        {
            if (shown.Length >= charactersMax)
            {
                return shown.Append("...").ToString();
            }

            if (char.IsControl(character) || char.IsSurrogate(character) || char.GetUnicodeCategory(character) == UnicodeCategory.Format)
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}");
            }
            else
            {
                shown.Append(character);
            }
        }

        return shown.ToString();
    }
}
