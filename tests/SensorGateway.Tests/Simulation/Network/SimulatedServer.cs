using System.Buffers.Text;
using System.Text;
using SensorGateway.Nats.Protocol;
using SensorGateway.Tests.Simulation.Watching;

namespace SensorGateway.Tests.Simulation.Network;

/// <summary>A NATS server in memory, as good or bad as the simulation makes it.</summary>
/// <remarks>It speaks the protocol from behind the login on: PUB, PING, PONG, and -ERR for what it does not allow.</remarks>
internal sealed class SimulatedServer(int index, Ledger ledger)
{
    private const int UsualMaxPayload = 64 * 1024;
    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    private readonly List<SimulatedLink> _links = [];

    /// <summary>From 0.</summary>
    public int Index { get; } = index;

    /// <summary>False refuses every dial.</summary>
    public bool Accepts { get; set; } = true;

    /// <summary>Frames it reads of a link at a time; 0 for a server that stands still.</summary>
    public int FramesMax { get; set; } = int.MaxValue;

    /// <summary>Longest payload it takes; told at each login.</summary>
    public int MaxPayload { get; set; } = UsualMaxPayload;

    /// <summary>Subjects that start so are forbidden; empty for none.</summary>
    public string Forbidden { get; set; } = "";

    /// <summary>Links that are up.</summary>
    public IReadOnlyList<SimulatedLink> Links => _links;

    /// <summary>True when a step would do something.</summary>
    public bool HasWork => FramesMax > 0 && _links.Any(static link => link.ToServer.Count > 0);

    /// <summary>Everything is as it should be again.</summary>
    public void Heal() => (Accepts, FramesMax, MaxPayload, Forbidden) = (true, int.MaxValue, UsualMaxPayload, "");

    /// <summary>A login.</summary>
    public SimulatedLink Accept(int descriptor, int socketBytes, out ServerInfo info)
    {
        var link = new SimulatedLink(descriptor, this, socketBytes);
        _links.Add(link);
        info = ServerInfo.Parse(Encoding.UTF8.GetBytes(
            $$"""{"server_name":"s{{Index}}","version":"2","headers":true,"max_payload":{{MaxPayload}}}"""))!;
        return link;
    }

    /// <summary>Asks every gateway whether it lives.</summary>
    public void Ping()
    {
        foreach (var link in _links)
        {
            link.ToGateway.Write("PING\r\n"u8);
        }
    }

    /// <summary>Reads a part of what has come on one link, and answers.</summary>
    public void Read(SimulatedLink link, int framesMax)
    {
        // Whole frames alone have an effect, so the rest may stay in the pipe until it is whole.
        for (var left = Math.Min(framesMax, FramesMax); left > 0 && !link.IsCut; left--)
        {
            if (!TryFrame(link.ToServer.Waiting, out var frameBytes))
            {
                break;
            }

            Take(link, link.ToServer.Waiting[..frameBytes]);
            link.ToServer.Skip(frameBytes);
        }

        Tidy();
    }

    /// <summary>Ends a link: the server reads so many frames more, and of its answers this many bytes arrive.</summary>
    public void Cut(SimulatedLink link, int frames, int answerBytes)
    {
        Read(link, frames);
        link.ToGateway.Cut(answerBytes);
        link.Cut();
        Tidy();
    }

    private void Tidy() => _links.RemoveAll(static link => link.IsOver);

    private static bool TryFrame(ReadOnlySpan<byte> bytes, out int frameBytes)
    {
        frameBytes = 0;
        var line = bytes.IndexOf(LineEnd);
        if (line < 0)
        {
            return false;
        }

        frameBytes = line + 2;
        if (bytes.StartsWith("PUB "u8))
        {
            SimulationFailure.Unless(
                Utf8Parser.TryParse(bytes[(bytes[..line].LastIndexOf((byte)' ') + 1)..line], out int payload, out _),
                $"not a PUB line: {Encoding.UTF8.GetString(bytes[..line])}");
            frameBytes += payload + 2;
        }

        return frameBytes <= bytes.Length;
    }

    private void Take(SimulatedLink link, ReadOnlySpan<byte> frame)
    {
        if (frame.SequenceEqual("PING\r\n"u8))
        {
            link.ToGateway.Write("PONG\r\n"u8);
            return;
        }

        if (frame.SequenceEqual("PONG\r\n"u8))
        {
            return;
        }

        SimulationFailure.Unless(
            frame.StartsWith("PUB "u8) && frame.EndsWith(LineEnd), $"a torn frame arrived: {Encoding.UTF8.GetString(frame)}");
        var rest = frame["PUB ".Length..];
        var subject = rest[..rest.IndexOf((byte)' ')];
        var payload = frame[(frame.IndexOf(LineEnd) + 2)..^2];
        if (payload.Length > MaxPayload)
        {
            link.ToGateway.Write("-ERR 'Maximum Payload Violation'\r\n"u8);
            link.Cut();
        }
        else if (Forbidden.Length > 0 && Encoding.UTF8.GetString(subject).StartsWith(Forbidden, StringComparison.Ordinal))
        {
            ledger.NoteRefused(payload);
            link.ToGateway.Write(Encoding.UTF8.GetBytes(
                $"-ERR 'Permissions Violation for Publish to \"{Encoding.UTF8.GetString(subject)}\"'\r\n"));
        }
        else
        {
            ledger.NoteArrived(subject, payload);
        }
    }
}
