using System.Globalization;
using System.Net;
using SensorGateway.Configuration.Model;
using SensorGateway.Configuration.Yaml;
using SensorGateway.Nats;

namespace SensorGateway.Configuration.Loading;

/// <summary>What must hold between keys that are fine each by itself.</summary>
internal sealed class CrossChecks(ConfigInput input, List<ConfigProblem> problems)
{
    private const long RingBytesMax = 1L << 30;

    public void Check(EffectiveValues settings, IReadOnlyList<EffectiveValues> sources)
    {
        CheckAuth(settings);
        CheckTls(settings);
        CheckStream(settings);
        CheckDriver(settings);
        CheckAddresses(settings, sources);
        CheckSizes(settings);
        foreach (var source in sources)
        {
            CheckOverload(source);
            CheckFitsRing(settings, source);
        }
    }

    private void CheckAuth(EffectiveValues settings)
    {
        var user = settings.Find("publishing.auth.user");
        var password = settings.Find("publishing.auth.password");
        var token = settings.Find("publishing.auth.token");
        if (user is not null && password is null)
        {
            Report(user, "stands without a password", "add publishing.auth.password, best as ${file:PATH}");
        }

        if (password is not null && user is null)
        {
            Report(password, "stands without a user", "add publishing.auth.user");
        }

        if (token is not null && (user is not null || password is not null))
        {
            Report(token, "stands beside a user and password", "keep one of the two ways to log in");
        }

        var nkey = settings.Find("publishing.auth.nkey");
        var creds = settings.Find("publishing.auth.creds");
        if (nkey is not null && (creds ?? user ?? password ?? token) is not null)
        {
            Report(nkey, "stands beside another way to log in", "keep one of them");
        }
        else if (creds is not null && (user ?? password ?? token) is not null)
        {
            Report(creds, "stands beside another way to log in", "keep one of them");
        }
    }

    private void CheckTls(EffectiveValues settings)
    {
        var files = (EffectiveValue?[])
        [
            settings.Find("publishing.tls.ca"), settings.Find("publishing.tls.cert"), settings.Find("publishing.tls.key"),
        ];
        foreach (var file in IsTls(settings) ? [] : files.OfType<EffectiveValue>())
        {
            Report(file, "stands without TLS", "set publishing.tls.mode: require, or remove it");
        }

        if (files is [_, { } certificate, null])
        {
            Report(certificate, "stands without a key", "add publishing.tls.key");
        }
        else if (files is [_, null, { } key])
        {
            Report(key, "stands without a certificate", "add publishing.tls.cert");
        }
    }

    private void CheckStream(EffectiveValues settings)
    {
        if (settings.Find("publishing.stream") is { } stream
            && settings.Find("publishing.delivery")?.Value is not "jetstream")
        {
            Report(stream, "stands without delivery to a stream", "set publishing.delivery: jetstream, or remove it");
        }
    }

    /// <summary>The driver nats-client is there to compare with; only the gateway's own client does everything.</summary>
    private void CheckDriver(EffectiveValues settings)
    {
        if (settings.Find("publishing.driver") is { Value: "nats-client" } driver
            && settings.Find("publishing.delivery")?.Value is "jetstream")
        {
            Report(driver, "is nats-client, which has no delivery jetstream", "use wire");
        }
    }

    private static bool IsTls(EffectiveValues settings) =>
        settings.Find("publishing.tls.mode")?.Value is not "off"
        || settings.Find("publishing.servers")?.Value is IEnumerable<object> servers
            && servers.OfType<NatsEndpoint>().Any(static server => server.RequiresTls);

    /// <summary>Two sockets of one protocol cannot have one address; TCP and UDP can.</summary>
    private void CheckAddresses(EffectiveValues settings, IReadOnlyList<EffectiveValues> sources)
    {
        var taken = new List<(bool IsUdp, IPEndPoint Address, EffectiveValue Value)>();
        var paths = new Dictionary<string, EffectiveValue>(StringComparer.Ordinal);
        foreach (var one in sources)
        {
            if (one.Find("listen") is { Value: IPEndPoint address } value)
            {
                var isUdp = one.Find("type")?.Value is "udp";
                Claim(taken, isUdp, address, value);
            }

            if (one.Find("path") is { Value: string path } file
                && !paths.TryAdd(Path.GetFullPath(path, input.BaseDirectory), file))
            {
                Report(
                    file, $"is the same file as {paths[Path.GetFullPath(path, input.BaseDirectory)].Path}",
                    "give each source its own");
            }
        }

        if (settings.Find("control.socket") is { Value: string control } socket
            && paths.TryGetValue(Path.GetFullPath(control, input.BaseDirectory), out var source))
        {
            Report(socket, $"is the same file as {source.Path}", "give each its own");
        }

        if (settings.Find("telemetry.listen") is { Value: IPEndPoint telemetry } entry)
        {
            Claim(taken, false, telemetry, entry);
        }
    }

    private void Claim(
        List<(bool IsUdp, IPEndPoint Address, EffectiveValue Value)> taken, bool isUdp, IPEndPoint address,
        EffectiveValue value)
    {
        var other = taken.Find(one => one.IsUdp == isUdp && Overlap(one.Address, address)).Value;
        if (other is not null)
        {
            Report(value, $"is {address}, which {other.Path} has already", "give each its own port");
        }

        taken.Add((isUdp, address, value));
    }

    private static bool Overlap(IPEndPoint left, IPEndPoint right) =>
        left.Port == right.Port && left.Port != 0
        && (left.Address.Equals(right.Address) || IsAny(left.Address) || IsAny(right.Address));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private void CheckOverload(EffectiveValues source)
    {
        if (source.Find("type")?.Value is "udp" && source.Find("overload") is { Value: "block" } overload)
        {
            Report(overload, "is block, but nobody can hold a UDP sender back", "use drop");
        }
    }

    /// <summary>Each of these rooms is one array, so there is a limit to what its keys may ask for together.</summary>
    private void CheckSizes(EffectiveValues settings)
    {
        if (settings.Find("ring.slots") is { Value: int slots } ring && settings.Find("ring.overflow") is { Value: long overflow }
            && new RingConfig(slots, overflow).CapacityBytes > RingBytesMax)
        {
            Report(ring, $"makes more than {RingBytesMax >> 30}GiB with ring.overflow", "lower one of them; a slot stands for 1KiB");
        }

        if (settings.Find("detection.cache.entries") is { Value: int entries } cache
            && settings.Find("detection.cache.max_payload") is { Value: long payload } && entries * payload > Array.MaxLength)
        {
            Report(cache, "makes more than 2GiB with detection.cache.max_payload", "lower one of them");
        }
    }

    private void CheckFitsRing(EffectiveValues settings, EffectiveValues source)
    {
        if (source.Find("max_payload") is not { Value: long payloadBytes } value
            || settings.Find("ring.slots") is not { Value: int slots }
            || settings.Find("ring.overflow") is not { Value: long overflow })
        {
            return;
        }

        // A record must lie whole whatever its position, so the ring takes payloads of just under half its size.
        var ring = new RingConfig(slots, overflow).CapacityBytes;
        if (payloadBytes > ring / 2 - 64)
        {
            Report(
                value,
                $"is more than half of the ring, which has {(ring / 1024).ToString(CultureInfo.InvariantCulture)}KiB",
                "lower it, or raise ring.overflow");
        }

        if (source.Find("type")?.Value is "udp" && payloadBytes > 65_536)
        {
            Report(value, "is more than a UDP datagram can carry", "use at most 64KiB");
        }
    }

    private void Report(EffectiveValue at, string problem, string fix) =>
        problems.Add(at.Place.Problem(at.Path, problem, fix));
}
