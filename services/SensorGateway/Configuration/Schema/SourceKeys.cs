using System.Collections.Immutable;
using SensorGateway.Configuration.Values;
using static SensorGateway.Configuration.Schema.Sizes;

namespace SensorGateway.Configuration.Schema;

/// <summary>Keys of each entry under <c>sources</c>.</summary>
internal static class SourceKeys
{
    public static ImmutableArray<ConfigKey> All { get; } =
    [
        new("sources.*.id", new TextKind("letters, digits, _ and -", 64, Texts.CheckSourceId), "Names the source in alerts, metrics and --set.")
        {
            RequiredFor = SourceKinds.All,
        },
        new("sources.*.type", new ChoiceKind(["tcp", "unix", "udp"]), "Kind of socket.") { RequiredFor = SourceKinds.All },
        new("sources.*.listen", new EndpointKind(), "Address and port to listen on; port 0 takes a free one.")
        {
            For = SourceKinds.Tcp | SourceKinds.Udp,
            RequiredFor = SourceKinds.Tcp | SourceKinds.Udp,
        },
        new("sources.*.path", new TextKind("a file name", 100), "Socket file; relative to the configuration file.")
        {
            For = SourceKinds.Unix,
            RequiredFor = SourceKinds.Unix,
        },
        new("sources.*.framing", new ChoiceKind(["length-prefixed", "newline", "octet-counted"]), "How a stream is cut into payloads.")
        {
            For = SourceKinds.Streams,
            Default = "length-prefixed",
        },
        new("sources.*.sensor", new TextKind("a text with {peer_ip} or {source}", 128, Texts.CheckSensorTemplate), "What alerts call the sender.")
        {
            DefaultNote = "{peer_ip}; the source's id for unix",
        },
        new("sources.*.max_payload", Size(64, MiB), "Longest payload; anything longer is rejected.") { Default = "64KiB" },
        new("sources.*.max_connections", new IntegerKind(1, 65_536), "Most connections at once; further ones are closed.")
        {
            For = SourceKinds.Streams,
            Default = "1024",
        },
        new("sources.*.idle_timeout", Duration(TimeSpan.Zero, TimeSpan.FromHours(24)), "A silent connection is closed after this; 0ms never.")
        {
            For = SourceKinds.Streams,
            Default = "60s",
        },
        new("sources.*.frame_timeout", Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), "A payload that is not whole after this closes its connection; 0ms never.")
        {
            For = SourceKinds.Streams,
            Default = "10s",
        },
        new("sources.*.overload", new ChoiceKind(["block", "drop"]), "When the ring is full: stop reading, or drop and count.")
        {
            DefaultNote = "block; drop for udp",
        },
    ];
}
