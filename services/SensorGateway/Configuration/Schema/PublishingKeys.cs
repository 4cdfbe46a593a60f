using System.Collections.Immutable;
using SensorGateway.Configuration.Values;
using SensorGateway.Pipeline.Publishing.Drivers;
using static SensorGateway.Configuration.Schema.Sizes;

namespace SensorGateway.Configuration.Schema;

/// <summary>Keys about the way to NATS.</summary>
internal static class PublishingKeys
{
    private static readonly TextKind File = new("a file", 1024);

    public static ImmutableArray<ConfigKey> All { get; } =
    [
        new(
            "publishing.servers", new ListKind(new ServerUrlKind(), 1, 64),
            "NATS servers; connections are spread over them.") { Default = "[nats://127.0.0.1:4222]" },
        new(
            "publishing.driver",
            new ChoiceKind(["wire", "nats-client"])
            {
                NotInThisBuild = PublishDrivers.Has(PublishDriver.NatsClient) ? [] : ["nats-client"],
            },
            "Which client carries alerts: the gateway's own, or NATS.Client.Core (builds with UpstreamPackages=true).")
        {
            Default = "wire",
        },
        new("publishing.auth.user", new TextKind("a user name", 256), "NATS user; stands with password."),
        new("publishing.auth.password", new TextKind("a password", 4096), "Best as ${file:PATH}.") { IsSecret = true },
        new(
            "publishing.auth.token", new TextKind("a token", 4096),
            "In place of user and password; best as ${file:PATH}.") { IsSecret = true },
        new("publishing.auth.nkey", File, "File with an nkey seed, readable by its owner alone; read at each login."),
        new("publishing.auth.creds", File, "File with a JWT and its seed, readable by its owner alone; read at each login."),
        new(
            "publishing.auth.allow_plaintext", new ChoiceKind(["false", "true"]),
            "Lets a password or token cross a network without TLS; to this machine itself it always may.")
        {
            Default = "false",
        },
        new(
            "publishing.tls.mode", new ChoiceKind(["off", "require", "handshake-first"]),
            "Encryption to NATS: require encrypts after the server's greeting or not at all, handshake-first from the first byte.")
        {
            Default = "off",
        },
        new("publishing.tls.ca", File, "PEM file of the only authorities to trust.")
        {
            DefaultNote = "those of the system",
        },
        new("publishing.tls.cert", File, "PEM file of our certificate for servers that ask for one; read at each login."),
        new("publishing.tls.key", File, "PEM file of its key, readable by its owner alone; read at each login."),
        new(
            "publishing.connections", new IntegerKind(4, 8), "Connections to NATS; a sensor's alerts are on one, and as few carry alerts as take them.")
        {
            Default = "4",
        },
        new(
            "publishing.subject", new TextKind("a subject such as alerts.{severity}.{sensor}", 200, Texts.CheckSubject),
            "Where alerts go; variables: {severity} {sensor} {source} {gateway} {rule}.")
        {
            Default = "\"alerts.{severity}.{sensor}\"",
        },
        new(
            "publishing.delivery", new ChoiceKind(["core", "fenced", "jetstream"]),
            "fenced keeps alerts until the server has read them, jetstream until a stream has stored them; core only sends them.")
        {
            Default = "fenced",
        },
        new(
            "publishing.stream", new TextKind("the name of a stream", 255, Texts.CheckStream),
            "The only stream that may store alerts (delivery jetstream); without it, whichever covers the subject."),
        new("publishing.batch.max_alerts", new IntegerKind(1, 65_536), "Most alerts sent at once.") { Default = "256" },
        new("publishing.batch.max_bytes", Size(KiB, 4 * MiB), "Most bytes sent at once.") { Default = "64KiB" },
        new(
            "publishing.batch.max_window", Duration(TimeSpan.Zero, TimeSpan.FromMilliseconds(10)),
            "Longest time an alert may wait for company; nothing waits below 50,000 alerts/s, and a critical alert never does.")
        {
            Default = "250us",
        },
        new(
            "publishing.unconfirmed", Size(MiB, GiB),
            "Memory for alerts that NATS has not confirmed; when it is full, alerts go to the spool, or are dropped.")
        {
            Default = "32MiB",
        },
        new("publishing.spool.path", new TextKind("a folder", 1024), "Folder for alerts that NATS does not take.")
        {
            DefaultNote = "no spool: memory alone",
        },
        new(
            "publishing.spool.max_bytes", Size(MiB, 1024 * GiB),
            "Most disk space; when it is used up, alerts are dropped, the least grave first.")
        {
            Default = "256MiB",
        },
        new(
            "publishing.spool.fsync", new ChoiceKind(["group", "off"]),
            "group has the disk store alerts within 5 ms, many at once; off leaves that to the system.")
        {
            Default = "group",
        },
    ];
}
