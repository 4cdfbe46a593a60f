using System.Globalization;
using System.Text;
using System.Xml;
using SensorGateway.Configuration;

namespace SensorGateway.Cli.Testing;

/// <summary>Writes results in the XML form that CI systems read: one suite a file, one case an example or test.</summary>
internal static class JUnitFile
{
    /// <exception cref="CommandException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyCollection<TestCase> cases)
    {
        try
        {
            var settings = new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false), NewLineChars = "\n" };
            using var xml = XmlWriter.Create(path, settings);
            xml.WriteStartElement("testsuites");
            WriteCounts(xml, "sensor-gateway test", cases);
            foreach (var suite in cases.GroupBy(one => one.Position.File))
            {
                xml.WriteStartElement("testsuite");
                WriteCounts(xml, suite.Key, [.. suite]);
                foreach (var one in suite)
                {
                    WriteCase(xml, one);
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }
        catch (Exception failure) when (
            failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(
                ExitCodes.BadInput, $"--junit {path}: cannot be written ({FileFailure.Reason(failure)}).");
        }
    }

    private static void WriteCounts(XmlWriter xml, string name, IReadOnlyCollection<TestCase> cases)
    {
        xml.WriteAttributeString("name", Clean(name));
        xml.WriteAttributeString("tests", cases.Count.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString(
            "failures", cases.Count(one => !one.Problems.IsEmpty).ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteCase(XmlWriter xml, TestCase one)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Clean(one.Group));
        xml.WriteAttributeString("name", Clean(one.Name));
        xml.WriteAttributeString("file", Clean(one.Position.File));
        xml.WriteAttributeString("line", one.Position.Line.ToString(CultureInfo.InvariantCulture));
        if (!one.Problems.IsEmpty)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", Clean(one.Problems[0].Problem));
            xml.WriteString(Clean(string.Join('\n', one.Problems)));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>XML has no form at all for most control characters.</summary>
    private static string Clean(string text) => string.Concat(text.Select(
        value => XmlConvert.IsXmlChar(value) ? value : '?'));
}
