using Microsoft.Extensions.Logging;
using SensorGateway.Pipeline.Sources.Linux;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Sources;

/// <summary>The rate-limited log of one source: of each kind one line at once, then a sum every ten seconds.</summary>
/// <remarks>Owner: the ingest thread. Senders cause these lines, so their number must not be the senders' choice.</remarks>
internal sealed class SourceJournal
{
    private static readonly int RejectKinds = Enum.GetValues<RejectReason>().Length;
    private static readonly int DropKinds = Enum.GetValues<DropReason>().Length;
    private static readonly int TooManyKind = RejectKinds + DropKinds;
    private static readonly int AcceptFailedKind = TooManyKind + 1;
    private static readonly int NoSensorKind = TooManyKind + 2;
    private static readonly int IdleKind = TooManyKind + 3;

    private readonly ILogger _logger;
    private readonly SourceOptions _options;
    private readonly (string Name, LogLimiter Limiter)[] _kinds;

    public SourceJournal(ILogger logger, SourceOptions options)
    {
        _logger = logger;
        _options = options;
        _kinds =
        [
            .. Enum.GetValues<RejectReason>().Select(reason => ($"payloads rejected: {Describe(reason)}", new LogLimiter())),
            .. Enum.GetValues<DropReason>().Select(reason => ($"payloads dropped: {Describe(reason)}", new LogLimiter())),
            ("connections refused: max_connections are open", new LogLimiter()),
            ("connections not accepted", new LogLimiter()),
            ("connections refused: no room for another sensor's name", new LogLimiter()),
            ("connections closed: idle", new LogLimiter()),
        ];
    }

    /// <summary>When <see cref="Flush"/> has something to say; <see cref="long.MaxValue"/> if nothing is held back.</summary>
    public long DueAtTicks { get; private set; } = long.MaxValue;

    /// <summary>Bytes of a sensor were not taken as a payload.</summary>
    public void Rejected(RejectReason reason, string sensor, bool closed, long nowTicks)
    {
        if (MayWrite((int)reason, nowTicks))
        {
            WriteRejected(reason, sensor, closed);
        }
    }

    /// <summary>A datagram was not taken as a payload; its sender may have no sensor yet.</summary>
    public void Rejected(RejectReason reason, PeerAddress peer, long nowTicks)
    {
        if (MayWrite((int)reason, nowTicks))
        {
            WriteRejected(reason, peer.ToString(), closed: false);
        }
    }

    /// <summary>Whole payloads were lost.</summary>
    public void Dropped(DropReason reason, long payloads, long nowTicks)
    {
        if (MayWrite(RejectKinds + (int)reason, nowTicks))
        {
            SourcesLog.Dropped(_logger, _options.Id, payloads, Describe(reason));
        }
    }

    /// <summary>A connection was refused because too many are open.</summary>
    public void RefusedConnection(long nowTicks)
    {
        if (MayWrite(TooManyKind, nowTicks))
        {
            SourcesLog.ConnectionRefused(_logger, _options.Id, _options.MaxConnections);
        }
    }

    /// <summary>accept(2) failed.</summary>
    public void AcceptFailed(int errno, long nowTicks)
    {
        if (MayWrite(AcceptFailedKind, nowTicks))
        {
            SourcesLog.AcceptFailed(_logger, _options.Id, errno);
        }
    }

    /// <summary>A connection was refused because the sensor table is full.</summary>
    public void NoSensorForConnection(long nowTicks)
    {
        if (MayWrite(NoSensorKind, nowTicks))
        {
            SourcesLog.NoSensorForConnection(_logger, _options.Id);
        }
    }

    /// <summary>A connection was closed because it sent nothing.</summary>
    public void ClosedIdle(string sensor, long nowTicks)
    {
        if (MayWrite(IdleKind, nowTicks))
        {
            SourcesLog.ClosedIdle(_logger, _options.Id, sensor, _options.IdleTimeout.TotalSeconds);
        }
    }

    /// <summary>Writes the sums that are due.</summary>
    /// <param name="nowTicks"><see cref="long.MaxValue"/> writes all of them, at the end.</param>
    public void Flush(long nowTicks)
    {
        DueAtTicks = long.MaxValue;
        foreach (var (name, limiter) in _kinds)
        {
            var held = limiter.TakeHeld(nowTicks);
            if (held > 0)
            {
                SourcesLog.Repeated(_logger, _options.Id, held, name);
            }

            DueAtTicks = Math.Min(DueAtTicks, limiter.DueAtTicks);
        }
    }

    private void WriteRejected(RejectReason reason, string sensor, bool closed) => SourcesLog.Rejected(
        _logger, _options.Id, sensor, Describe(reason), closed ? "connection closed" : "skipped", Advise(reason));

    private bool MayWrite(int kind, long nowTicks)
    {
        var limiter = _kinds[kind].Limiter;
        var passes = limiter.TryPass(nowTicks);
        DueAtTicks = Math.Min(DueAtTicks, limiter.DueAtTicks);
        return passes;
    }

    private string Describe(RejectReason reason) => reason switch
    {
        RejectReason.EmptyFrame => "a frame of length 0",
        RejectReason.TooLarge => $"longer than max_payload ({_options.MaxPayloadBytes} bytes)",
        RejectReason.BadFrame => "bytes that do not follow the framing",
        RejectReason.CutFrame => "the connection ended inside a frame",
        RejectReason.FrameTimeout => $"a frame was not complete within {_options.FrameTimeout.TotalSeconds:0.###}s",
        RejectReason.Truncated => $"a datagram longer than max_payload ({_options.MaxPayloadBytes} bytes)",
        RejectReason.SensorsFull => "no room for another sensor's name",
        _ => reason.ToString(),
    };

    private string Advise(RejectReason reason) => reason switch
    {
        RejectReason.EmptyFrame or RejectReason.BadFrame =>
            $"check that the sender uses the framing of sources.{_options.Id}",
        RejectReason.TooLarge =>
            $"check the sender's framing or raise sources.{_options.Id}.max_payload",
        RejectReason.Truncated => $"raise sources.{_options.Id}.max_payload",
        RejectReason.FrameTimeout => $"check the sender's network or raise sources.{_options.Id}.frame_timeout",
        RejectReason.SensorsFull => $"use a sensor template without {{peer_ip}} in sources.{_options.Id}.sensor",
        _ => "check the sender",
    };

    private static string Describe(DropReason reason) => reason switch
    {
        DropReason.RingFull => "the ring was full",
        DropReason.SocketBuffer => "the kernel's socket buffer was full (net.core.rmem_max limits it)",
        _ => reason.ToString(),
    };
}
