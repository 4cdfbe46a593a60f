using System.Buffers;
using System.Text;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Alerts;

/// <summary>A subject template, cut into parts once.</summary>
public sealed class SubjectTemplate
{
    private static readonly byte[][] SeverityTokens =
        [.. Enum.GetNames<Severity>().Select(name => Encoding.ASCII.GetBytes(name.ToLowerInvariant()))];

    private const int CharactersMax = 255;
    private const string NotASubject =
        "is not a subject; part tokens by single dots, without blanks, *, > or stray braces";

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" *>");

    private readonly List<Part> _parts = [];

    private SubjectTemplate()
    {
    }

    private enum Variable
    {
        None,
        Severity,
        Sensor,
        Source,
        Gateway,
        Rule,
    }

    /// <summary>Parses a template.</summary>
    /// <param name="template">Tokens parted by dots; variables in braces.</param>
    /// <param name="gateway">Value of <c>{gateway}</c>.</param>
    /// <param name="problem">What is wrong and what to do, when null is returned.</param>
    public static SubjectTemplate? TryParse(string template, string gateway, out string? problem)
    {
        var result = new SubjectTemplate();
        var rest = template.AsSpan();
        while (rest.Length > 0)
        {
            var open = rest.IndexOf('{');
            var text = open < 0 ? rest : rest[..open];
            if (text.Contains('}'))
            {
                problem = NotASubject;
                return null;
            }

            result.AddText(text);
            if (open < 0)
            {
                break;
            }

            // Both braces must pair up, and the name is compared as written: Enum.TryParse would take "1" as well.
            var close = rest[open..].IndexOf('}') + open;
            var variable = close > open ? VariableOf(rest[(open + 1)..close]) : Variable.None;
            if (variable == Variable.None)
            {
                problem = $"has an unknown variable at character {template.Length - rest.Length + open + 1}; "
                    + "use {severity}, {sensor}, {source}, {gateway} or {rule}";
                return null;
            }

            if (variable == Variable.Gateway)
            {
                result.AddText(Sensor.ToSubjectToken(gateway));
            }
            else
            {
                result._parts.Add(new Part([], variable));
            }

            rest = rest[(close + 1)..];
        }

        problem = ProblemOf(template);
        return problem is null ? result : null;
    }

    /// <summary>Writes the subject and returns its length in bytes; cut at the end of <paramref name="subject"/>.</summary>
    /// <param name="subject">Room for the subject.</param>
    /// <param name="sensor">Who sent the payload.</param>
    /// <param name="severity">The gravest.</param>
    /// <param name="ruleToken">The gravest rule's id as a subject token.</param>
    public int Write(Span<byte> subject, Sensor sensor, Severity severity, ReadOnlySpan<byte> ruleToken)
    {
        var length = 0;
        foreach (var part in _parts)
        {
            var value = part.Variable switch
            {
                Variable.Severity => SeverityTokens[(int)severity],
                Variable.Sensor => sensor.SubjectTokenUtf8.Span,
                Variable.Source => sensor.SourceTokenUtf8.Span,
                Variable.Rule => ruleToken,
                _ => part.Text,
            };
            var room = Math.Min(value.Length, subject.Length - length);
            value[..room].CopyTo(subject[length..]);
            length += room;
        }

        return length;
    }

    private static string? ProblemOf(string template)
    {
        if (template.Length > CharactersMax)
        {
            return $"is longer than {CharactersMax} characters; shorten it";
        }

        var isSound = template.Split('.').All(static token => token.Length > 0)
            && !template.AsSpan().ContainsAny(Forbidden)
            && !template.Any(char.IsControl);
        return isSound ? null : NotASubject;
    }

    private static Variable VariableOf(ReadOnlySpan<char> name) => name switch
    {
        "severity" => Variable.Severity,
        "sensor" => Variable.Sensor,
        "source" => Variable.Source,
        "gateway" => Variable.Gateway,
        "rule" => Variable.Rule,
        _ => Variable.None,
    };

    private void AddText(ReadOnlySpan<char> text)
    {
        if (text.Length > 0)
        {
            _parts.Add(new Part(Encoding.UTF8.GetBytes(text.ToString()), Variable.None));
        }
    }

    private sealed record Part(byte[] Text, Variable Variable);
}
