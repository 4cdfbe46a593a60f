using System.Globalization;
using System.Text;

namespace SensorGateway.Configuration;

/// <summary>Text of the user's as it may stand in a message or on a terminal: short, one line, no control characters.</summary>
internal static class Printable
{
    private const int ShortCharacters = 60;

    /// <summary>At most 60 characters, control characters as <c>\xHH</c>, in no quotes.</summary>
    public static string Short(string text)
    {
        var shown = new StringBuilder();
        foreach (var character in text)
        {
            if (shown.Length >= ShortCharacters)
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

    /// <summary><see cref="Short"/> in single quotes.</summary>
    public static string Quote(string text) => $"'{Short(text)}'";
}
