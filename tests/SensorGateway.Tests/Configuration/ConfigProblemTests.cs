namespace SensorGateway.Tests.Configuration;

/// <summary>Every way to get a configuration wrong, with the exact message.</summary>
public sealed class ConfigProblemTests
{
    [Theory]
    [InlineData("publishing: { conections: 4 }", "2:15: publishing.conections is not a key; the nearest is publishing.connections.")]
    [InlineData("connections: 4", "2:1: connections is not a key; it belongs to another section: publishing.connections.")]
    [InlineData("log: { colour: red }", "2:8: log.colour is not a key; known here: level, format.")]
    [InlineData("ring: 4096", "2:7: ring is not a section of keys; write keys below it, such as ring: { slots: ... }.")]
    [InlineData("ring: { slots: }", "2:16: ring.slots has no value; write a whole number, 64 to 1048576, or remove the key.")]
    [InlineData("ring: { slots: many }", "2:16: ring.slots is 'many', not a whole number; use 64 to 1048576.")]
    [InlineData("ring: { slots: -5 }", "2:16: ring.slots is -5; use 64 to 1048576.")]
    [InlineData("ring: { slots: 99999999999999999999 }", "2:16: ring.slots is 99999999999999999999; use 64 to 1048576.")]
    [InlineData("ring: { slots: [1] }", "2:16: ring.slots is a list; write one value: a whole number, 64 to 1048576.")]
    [InlineData("ring: { overflow: 16 }", "2:19: ring.overflow is 16 without a unit; write the unit too: a size such as 64KiB.")]
    [InlineData("ring: { overflow: 16MB }", "2:19: ring.overflow has the unknown unit 'MB'; use one of B, KiB, MiB, GiB, as in 64KiB.")]
    [InlineData("ring: { overflow: 9999999999GiB }", "2:19: ring.overflow is 9999999999GiB; use 64KiB to 1GiB.")]
    [InlineData("ring: { slots: 1048576 }", "2:16: ring.slots makes more than 1GiB with ring.overflow; lower one of them; a slot stands for 1KiB.")]
    [InlineData("detection: { cache: { entries: 600000 } }", "2:32: detection.cache.entries makes more than 2GiB with detection.cache.max_payload; lower one of them.")]
    [InlineData("publishing: { batch: { max_window: 50ms } }", "2:36: publishing.batch.max_window is 50ms; use 0ms to 10ms.")]
    [InlineData("publishing: { batch: { max_window: 1.5ms } }", "2:36: publishing.batch.max_window has the unknown unit '.5ms'; use one of us, ms, s, m, h, as in 250ms.")]
    [InlineData("publishing: { connections: 9 }", "2:28: publishing.connections is 9; use 4 to 8.")]
    [InlineData("publishing: { delivery: sure }", "2:25: publishing.delivery is 'sure'; use one of core, fenced, jetstream.")]
    [InlineData("publishing: { delivery: streamed }", "2:25: publishing.delivery is 'streamed'; use one of core, fenced, jetstream.")]
    [InlineData("publishing: { stream: ALERTS }", "2:23: publishing.stream stands without delivery to a stream; set publishing.delivery: jetstream, or remove it.")]
    [InlineData("publishing: { delivery: jetstream, stream: my.stream }", "2:44: publishing.stream is 'my.stream'; use the stream's name; it has no dots, wildcards, slashes and spaces.")]
    [InlineData("publishing: { spool: { path: x, fsync: each } }", "2:40: publishing.spool.fsync is 'each'; use one of group, off.")]
    [InlineData("publishing: { spool: { path: x, max_bytes: 1KiB } }", "2:44: publishing.spool.max_bytes is 1KiB; use 1MiB to 1024GiB.")]
    [InlineData("publishing: { auth: { nkey: x, token: t } }", "2:29: publishing.auth.nkey stands beside another way to log in; keep one of them.")]
    [InlineData("publishing: { tls: { mode: prefer } }", "2:28: publishing.tls.mode is 'prefer'; use one of off, require, handshake-first.")]
    [InlineData("publishing: { tls: { ca: x } }", "2:26: publishing.tls.ca stands without TLS; set publishing.tls.mode: require, or remove it.")]
    [InlineData("publishing: { tls: { mode: require, cert: x } }", "2:43: publishing.tls.cert stands without a key; add publishing.tls.key.")]
    [InlineData("publishing: { servers: ['tls://a'], tls: { key: x } }", "2:49: publishing.tls.key stands without a certificate; add publishing.tls.cert.")]
    [InlineData("control: { socket: 5 , sokket: x }", "2:24: control.sokket is not a key; the nearest is control.socket.")]
    [InlineData("rules: { watch: maybe }", "2:17: rules.watch is 'maybe'; use one of true, false.")]
    [InlineData("rules: { paths: [] }", "2:17: rules.paths is an empty list; name at least one: a file, folder or glob.")]
    [InlineData("rules: { paths: [ [a] ] }", "2:19: rules.paths holds a list or section; write a list, each a file, folder or glob.")]
    [InlineData("publishing: { auth: { user: me } }", "2:29: publishing.auth.user stands without a password; add publishing.auth.password, best as ${file:PATH}.")]
    [InlineData("publishing: { auth: { token: x, user: me, password: p } }", "2:30: publishing.auth.token stands beside a user and password; keep one of the two ways to log in.")]
    [InlineData("publishing: { servers: [ 'nats://' ] }", "2:26: publishing.servers is 'nats://': the host is missing; write nats://host:4222.")]
    [InlineData("publishing: { servers: [ 'nats://u:p@h' ] }", "2:26: publishing.servers holds a user, password or token; move it to publishing.auth, where config show masks it.")]
    [InlineData("publishing: { servers: 'http://h' }", "2:24: publishing.servers is 'http://h': scheme 'http' is unknown; use nats://host:port or tls://host:port.")]
    [InlineData("publishing: { servers: ['nats://h:99999'] }", "2:25: publishing.servers is 'nats://h:99999': port '99999' is not a number from 1 to 65535; the usual one is 4222.")]
    [InlineData("publishing: { subject: 'alerts.>' }", "2:24: publishing.subject holds a wildcard; use variables such as {severity}: alerts go to one subject each.")]
    [InlineData("publishing: { subject: 'a..b' }", "2:24: publishing.subject has an empty part; put something before, between and after the dots.")]
    [InlineData("publishing: { subject: 'a b' }", "2:24: publishing.subject holds a space or a character outside ASCII; use letters, digits, . _ and -.")]
    [InlineData("publishing: { subject: 'a.{sensr}' }", "2:24: publishing.subject has the unknown variable {sensr}; use {severity} {sensor} {source} {gateway} {rule}.")]
    [InlineData("publishing: { subject: 'a.{sensor' }", "2:24: publishing.subject has a brace without its partner; write variables as {sensor}.")]
    [InlineData("telemetry: { listen: ':9464' }", "2:22: telemetry.listen has no address before the port; write 127.0.0.1:9464, or 0.0.0.0 for every interface.")]
    [InlineData("telemetry: { listen: localhost:9464 }", "2:22: telemetry.listen has the address 'localhost'; use an IP address: 127.0.0.1 for this host only, 0.0.0.0 for every interface.")]
    [InlineData("telemetry: { listen: 127.0.0.1 }", "2:22: telemetry.listen is '127.0.0.1', which has no port; use an IP address and port such as 127.0.0.1:7400 or [::1]:7400.")]
    [InlineData("telemetry: { listen: 127.0.0.1:7400 }", "2:22: telemetry.listen is 127.0.0.1:7400, which sources.a.listen has already; give each its own port.")]
    [InlineData("gateway: { name: 'a b' }", "2:18: gateway.name is 'a b'; use letters, digits, . _ and -, because the name begins the id of every alert.")]
    [InlineData("gateway: { name: \"a\\nb\" }", "2:18: gateway.name holds a control character; write a name on one line.")]
    [InlineData("gateway: { name: '${NOT_SET_HERE}' }", "2:18: gateway.name needs the environment variable NOT_SET_HERE, which is not set; set NOT_SET_HERE, or write ${NOT_SET_HERE:-default}.")]
    [InlineData("gateway: { name: '${SITE:?name of the site}' }", "2:18: gateway.name needs the environment variable SITE, which is not set: name of the site; set SITE, or write ${SITE:-default}.")]
    [InlineData("gateway: { name: '${open' }", "2:18: gateway.name has ${ without }; close it, or write $${ for a plain ${.")]
    [InlineData("gateway: { name: '${a b}' }", "2:18: gateway.name has the reference ${a b}; use ${VAR}, ${VAR:-default}, ${VAR:?message} or ${file:PATH}.")]
    [InlineData("gateway: { name: '${file:/nowhere/x}' }", "2:18: gateway.name names the file '/nowhere/x', which cannot be read (no such folder); mend the path or the file's permissions.")]
    [InlineData("profile: fast", "2:10: profile is 'fast'; use one of low-latency, balanced, high-throughput, low-resource.")]
    [InlineData("threads: { pinning: both }", "2:21: threads.pinning is 'both'; use auto, off, or a list of CPUs such as [0, 1].")]
    [InlineData("threads: { pinning: [ 0, x ] }", "2:26: threads.pinning is 'x', not a whole number; use 0 to 1023.")]
    [InlineData("detection: { workers: 0 }", "2:23: detection.workers is 0; use auto, or 1 to 64.")]
    [InlineData("sources: []", "2:1: sources stands here twice, first in line 1; keep one of them.")]
    [InlineData("log: { level: info, level: warn }", "2:21: level stands here twice, first in line 2; keep one of them.")]
    [InlineData("log: &a { level: info }", "2:6: YAML uses an anchor (&name); remove it and write the value out where it is needed.")]
    [InlineData("log: { level: !x info }", "2:15: YAML uses a tag (!x); remove it: the schema knows the types.")]
    public void Load_WithOneMistake_SaysWhereWhatAndHow(string line, string message) =>
        Assert.Equal([$"gateway.yaml:{message}"], Configs.Problems(Configs.OneSource + line));

    [Theory]
    [InlineData("", "1:1: sources has no entry; add one, such as - { id: field-tcp, type: tcp, listen: 127.0.0.1:7400 }.")]
    [InlineData("just text", "1:1: YAML is not a mapping of keys; begin with lines such as sources:.", "1:1: sources has no entry; add one, such as - { id: field-tcp, type: tcp, listen: 127.0.0.1:7400 }.")]
    [InlineData("sources: [ { type: tcp, listen: 127.0.0.1:1 } ]", "1:12: sources[0].id is missing; add id: letters, digits, _ and -.")]
    [InlineData("sources: [ { id: a, listen: 127.0.0.1:1 } ]", "1:12: sources.a.type is missing; add type: one of tcp, unix, udp.")]
    [InlineData("sources: [ { id: a, type: tcp } ]", "1:12: sources.a.listen is missing; add listen: an IP address and port such as 127.0.0.1:7400.")]
    [InlineData("sources: [ { id: a, type: unix } ]", "1:12: sources.a.path is missing; add path: a file name.")]
    [InlineData("sources: [ { id: a, type: serial, listen: 127.0.0.1:1 } ]", "1:27: sources.a.type is 'serial'; use one of tcp, unix, udp.")]
    [InlineData("sources: [ { id: a, type: udp, listen: 127.0.0.1:1, framing: newline } ]", "1:62: sources.a.framing does not apply to type udp; remove it.")]
    [InlineData("sources: [ { id: a, type: udp, listen: 127.0.0.1:1, overload: block } ]", "1:63: sources.a.overload is block, but nobody can hold a UDP sender back; use drop.")]
    [InlineData("sources: [ { id: a, type: udp, listen: 127.0.0.1:1, max_payload: 512KiB } ]", "1:66: sources.a.max_payload is more than a UDP datagram can carry; use at most 64KiB.")]
    [InlineData("sources: [ { id: a, type: tcp, listen: 127.0.0.1:1, max_payloads: 1KiB } ]", "1:53: sources.a.max_payloads is not a key; the nearest is max_payload.")]
    [InlineData("sources: [ { id: a b, type: tcp, listen: 127.0.0.1:1 } ]", "1:18: sources[0].id is 'a b'; use letters, digits, _ and -.")]
    [InlineData("sources: [ { id: a, type: tcp, listen: 127.0.0.1:1, sensor: '{peer}' } ]", "1:61: sources.a.sensor has the unknown variable {peer}; use {peer_ip} {source}.")]
    [InlineData("sources: { a: { type: tcp } }", "1:1: sources has no entry; add one, such as - { id: field-tcp, type: tcp, listen: 127.0.0.1:7400 }.", "1:10: sources is not a list; begin each source with a dash: - { id: field-tcp, type: tcp, ... }.")]
    [InlineData("sources: [ { id: a, type: tcp, listen: 127.0.0.1:1 }, { id: a, type: tcp, listen: 127.0.0.1:2 } ]", "1:61: sources has the id 'a' twice, first in line 1; give each source its own id.")]
    [InlineData("sources: [ { id: a, type: tcp, listen: 127.0.0.1:1 }, { id: b, type: tcp, listen: 0.0.0.0:1 } ]", "1:83: sources.b.listen is 0.0.0.0:1, which sources.a.listen has already; give each its own port.")]
    [InlineData("sources: [ { id: a, type: unix, path: x }, { id: b, type: unix, path: ./x } ]", "1:71: sources.b.path is the same file as sources.a.path; give each source its own.")]
    [InlineData("sources: [ { id: a, type: tcp, listen: 127.0.0.1:1, max_payload: 1MiB } ]\nring: { slots: 64, overflow: 64KiB }", "1:66: sources.a.max_payload is more than half of the ring, which has 128KiB; lower it, or raise ring.overflow.")]
    public void Load_WithBadSources_SaysWhereWhatAndHow(string text, params string[] messages) =>
        Assert.Equal(messages.Select(message => $"gateway.yaml:{message}"), Configs.Problems(text));

    [Theory]
    [InlineData("ring.slots=7", "--set ring.slots: ring.slots is 7; use 64 to 1048576.")]
    [InlineData("ring.slots", "--set: ring.slots has no value; write --set key=value.")]
    [InlineData("ring=7", "--set ring: ring is a section; name a key in it, such as ring.slots.")]
    [InlineData("rnig.slots=7", "--set rnig.slots: rnig.slots is not a key; the nearest is ring.slots.")]
    [InlineData("sources.b.listen=127.0.0.1:1", "--set sources.b.listen: sources.b.listen names no source of the file; use sources.ID.KEY with one of the ids a.")]
    [InlineData("sources.a.lisen=127.0.0.1:1", "--set sources.a.lisen: sources.a.lisen is not a key; the nearest is listen.")]
    [InlineData("sources.a.id=b", "--set sources.a.id: sources.a.id cannot be changed from outside; change it in the file.")]
    [InlineData("publishing.spool.fsync=x", "--set publishing.spool.fsync: publishing.spool.fsync is 'x'; use one of group, off.")]
    [InlineData("rules.paths=[a", "--set rules.paths: rules.paths is '[a', which is no list; write it as [a, b].")]
    public void Load_WithBadFlag_NamesTheFlag(string set, string message) =>
        Assert.Equal([message], Configs.Problems(Configs.OneSource, set));

    [Theory]
    [InlineData("sources:\n  - { id: a\nring: [", "3:1: YAML is broken here: a bracket or quote before this place is not closed")]
    [InlineData("sources: []\nlog: \"x", "2:6: YAML is broken here: While scanning a quoted scalar, found unexpected end of stream")]
    [InlineData("sources:\n\t- id: a", "1:1: YAML is broken here: While scanning a mapping, found invalid tab as indentation")]
    [InlineData("---\nsources: []\n---\n", "3:1: YAML has a second document here")]
    public void Load_WithBrokenYaml_SaysWhere(string text, string message) =>
        Assert.StartsWith($"gateway.yaml:{message}; ", Configs.Problems(text)[^1], StringComparison.Ordinal);

    [Fact]
    public void Load_WithManyMistakes_ReportsAllInFileOrder()
    {
        var problems = Configs.Problems(
            """
            profile: fast
            sources:
              - { id: a, type: tcp, listen: 127.0.0.1:7400, overlod: drop }
            ring: { slots: 1 }
            publishing: { connections: 3, batch: { max_window: 11ms } }
            """);

        Assert.Equal(["1:10", "3:49", "4:16", "5:28", "5:52"], problems.Select(problem => string.Join(':', problem.Split(':')[1..3])));
    }

    [Fact]
    public void Load_WithSecretInBrokenFlag_DoesNotRepeatIt() =>
        Assert.DoesNotContain("hunter2", Assert.Single(Configs.Problems(Configs.OneSource, "publishing.auth.password=hunter2")), StringComparison.Ordinal);
}
