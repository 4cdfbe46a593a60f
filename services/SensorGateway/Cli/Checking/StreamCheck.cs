using System.Collections.Immutable;
using SensorGateway.Configuration;
using SensorGateway.Configuration.Model;
using SensorGateway.Nats;
using SensorGateway.Nats.JetStream;
using SensorGateway.Rules.Model;

namespace SensorGateway.Cli.Checking;

/// <summary>Whether a stream will take the alerts (delivery jetstream).</summary>
internal static class StreamCheck
{
    // A message is sent again after 2 s without an answer, and a lost server is given up within 3: a window that ends
    // sooner than a few such rounds makes duplicates of every trouble.
    private static readonly TimeSpan WindowMin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static CheckedPlace Run(string name, NatsSubscriber connection, GatewayConfig config)
    {
        try
        {
            var lookup = new StreamLookup(connection, Timeout);
            var subjects = Subjects(config.Publishing.Subject, config.Name, [.. config.Sources.Select(source => source.Id)]);
            var any = Wide(config.Publishing.Subject);
            if (config.Publishing.Stream is { } wanted)
            {
                return lookup.Find(wanted) is { } stream
                    ? Judge(name, stream, any, subjects)
                    : new CheckedPlace(
                        name, false,
                        $"has no stream {Printable.Short(wanted)}; create it for {any}, or correct publishing.stream.");
            }

            var streams = lookup.NamesFor(any).Select(lookup.Find).OfType<StreamSettings>().ToArray();
            return streams.Length == 0
                ? new CheckedPlace(
                    name, false, $"has no stream that stores {any}; create one, or change publishing.subject.")
                : streams.Select(stream => Judge(name, stream, any, subjects))
                    .OrderByDescending(static place => place.Ok).First();
        }
        catch (NatsException problem)
        {
            return new CheckedPlace(name, false, $"{problem.Message.TrimEnd('.')}.");
        }
    }

    private static CheckedPlace Judge(
        string name, StreamSettings stream, string any, ImmutableArray<string> subjects)
    {
        var title = $"stream {Printable.Short(stream.Name)}";
        var missing = subjects.Where(subject => !stream.Covers(subject)).ToArray();
        if (missing.Length > 0)
        {
            return new CheckedPlace(
                name, false,
                $"{title} does not store {string.Join(", ", missing.Take(5))}; add it to the stream's subjects, or change publishing.subject.");
        }

        if (stream.AnswersNothing)
        {
            return new CheckedPlace(
                name, false, $"{title} never answers publishers (no_ack), so no alert could be confirmed; switch that off.");
        }

        if (stream.MessageBytesMax is > 0 and < 4096)
        {
            return new CheckedPlace(
                name, false,
                $"{title} takes messages up to {stream.MessageBytesMax} bytes; raise its max_msg_size to 4096 at least, alerts are JSON with parts of the payload.");
        }

        return stream.DuplicateWindow < WindowMin
            ? new CheckedPlace(
                name, false,
                $"{title} forgets ids after {Seconds(stream.DuplicateWindow)}, so alerts that are sent again would be stored twice; raise its duplicate_window to {Seconds(WindowMin)} at least.")
            : new CheckedPlace(
                name, true,
                $"{title} stores {any}; an alert sent again within {Seconds(stream.DuplicateWindow)} is stored once");
    }

    /// <summary>
    /// All that the template can become: each severity and source by itself, <c>*</c> for what only traffic can tell.
    /// </summary>
    internal static ImmutableArray<string> Subjects(string template, string gateway, ImmutableArray<string> sources)
    {
        string[] each = [template.Replace("{gateway}", Token(gateway), StringComparison.Ordinal)];
        each = Expand(each, "{severity}", Enum.GetNames<Severity>().Select(static name => name.ToLowerInvariant()));
        each = Expand(each, "{source}", sources);
        return [.. each.Select(Wide)];
    }

    private static string[] Expand(string[] subjects, string variable, IEnumerable<string> values) =>
    [
        .. subjects.SelectMany(subject => subject.Contains(variable, StringComparison.Ordinal)
            ? values.Select(value => subject.Replace(variable, Token(value), StringComparison.Ordinal))
            : [subject]),
    ];

    /// <summary>As alerts write it into their subject.</summary>
    private static string Token(string text) =>
        string.Concat(text.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));

    private static string Wide(string template) => string.Join(
        '.', template.Split('.').Select(static token => token.Contains('{', StringComparison.Ordinal) ? "*" : token));

    private static string Seconds(TimeSpan time) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#}s");
}
