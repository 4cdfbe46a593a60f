using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using SensorGateway.IntegrationTests.Cli;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.NewUser;

/// <summary>The way of a new user, from the installed program to an alert of the first rule of one's own.</summary>
public sealed class FirstHourTests : IDisposable
{
    private const string Attack = "plc=7 cmd=STOP_PUMP operator=guest";

    /// <summary>Two mistakes: a severity that is none, and a group that is never closed.</summary>
    private const string Mistaken =
        """
        rules:
          - id: plant.pump-stop
            title: A guest stops a pump
            severity: critcal
            match:
              all:
                - regex: 'cmd=(STOP|HALT_PUMP'
                - literal: 'operator=guest'
            examples:
              match: ['plc=7 cmd=STOP_PUMP operator=guest']
              clean: ['plc=7 cmd=STOP_PUMP operator=shift-lead']

        """;

    /// <summary>Finds every payload of the load, so that its alerts tell which payloads were lost.</summary>
    private const string LoadRule =
        "rules:\n  - { id: site.load, severity: low, match: { literal: EVIL }, examples: { match: [EVIL] } }\n";

    private readonly Installation _installed = new();
    private readonly NatsServerProcess _nats = NatsServerProcess.Start();

    public void Dispose()
    {
        _nats.Dispose();
        _installed.Dispose();
    }

    [Fact]
    public void NewUser_FromTheDemoToAnAlertOfTheFirstRule_GoesAllTheWay()
    {
        SeesTheDemo();
        MendsARule();
        LearnsWhatItDoesAndCosts();
        SeesItsAlertFromAGatewayUnderLoad();
    }

    private void SeesTheDemo()
    {
        var demo = _installed.Run("demo", "--nats", _nats.Url, "--seconds", "1", "--rate", "500");

        Assert.Equal((0, ""), (demo.ExitCode, demo.Error));
        Assert.Matches(@"\nSent         500 payloads in ", demo.Out);
        Assert.Matches(@"\nAlerts       [1-9][0-9]* received from NATS, 0 lost\n", demo.Out);
        Assert.Equal(2, demo.Out.Split(": adds up\n").Length - 1);
    }

    private void MendsARule()
    {
        _installed.Write("drafts/plant.yaml", Mistaken);
        var mistaken = _installed.Run("check", "drafts/plant.yaml");
        _installed.Write("drafts/plant.yaml", Mended);
        var mended = _installed.Run("check", "drafts/plant.yaml");
        var test = _installed.Run("test", "drafts/plant.yaml", "--junit", "results.xml");

        Assert.Equal((2, "FAIL rules: 2 problems\n"), (mistaken.ExitCode, mistaken.Out));
        Assert.Equal(
            "drafts/plant.yaml:4:15: unknown severity 'critcal'; did you mean 'critical'?\n"
                + "drafts/plant.yaml:7:23: bad regex: this group is not closed; add ')', or write \\( for the character.\n",
            mistaken.Error);
        Assert.Equal((0, "ok   rules: 1 rules, 0 hashes\n", ""), mended);
        Assert.Equal((0, ""), (test.ExitCode, test.Error));
        Assert.EndsWith("ok: 2 examples and tests hold.\n", test.Out, StringComparison.Ordinal);
        var junit = XDocument.Load(_installed.PathOf("results.xml")).Root!;
        Assert.Equal(("2", "0"), (junit.Attribute("tests")!.Value, junit.Attribute("failures")!.Value));
        Assert.Equal(2, junit.Descendants("testcase").Count());
    }

    private void LearnsWhatItDoesAndCosts()
    {
        _installed.Write("attack.bin", Attack);
        var explain = _installed.Run("explain", "--rules", "drafts/", "attack.bin");
        var cost = _installed.Run("rules", "cost", "--rules", "drafts/", "--payloads", "attack.bin", "--format", "lines");

        Assert.Equal((0, ""), (explain.ExitCode, explain.Error));
        Assert.StartsWith($"payload    34 bytes: {Attack}\nmatched    plant.pump-stop (critical), decided by ", explain.Out, StringComparison.Ordinal);
        Assert.Contains("\n           13 bytes at 6: cmd=STOP_PUMP\n", explain.Out, StringComparison.Ordinal);
        Assert.Equal(0, cost.ExitCode);
        Assert.Matches(@"\n *[0-9,]+\.[0-9] .* plant\.pump-stop  '", cost.Out);
        Assert.Matches(@"\n[0-9,]+\.[0-9] ns/payload for all 1 rules, on 1 payloads\.\n$", cost.Out);
    }

    private void SeesItsAlertFromAGatewayUnderLoad()
    {
        _installed.Write("rules/load.yaml", LoadRule);
        using var gateway = _installed.Start("run", "-c", "gateway.yaml", "--set", $"publishing.servers={_nats.Url}");
        gateway.WaitForError("Ready: ");
        using var collector = new AlertCollector(_nats.Endpoint);
        using var tail = _installed.Start("tail", "--nats", _nats.Url, "--subject", "alerts.critical.>", "--count", "1");
        tail.WaitForError("Listening to alerts.critical.>");
        using var load = new SteadySenders([new SensorSender(Connect(1), 0), new SensorSender(Connect(2), 1)]);
        gateway.Wait(() => collector.Once > 200, "the load never came in");
        var before = collector.Once;

        File.Move(_installed.PathOf("drafts/plant.yaml"), _installed.PathOf("rules/plant.yaml"));
        var reload = _installed.Run("reload", "--wait", "-c", "gateway.yaml");
        gateway.Wait(() => collector.Once > before + 200, "the load stopped with the reload");
        using (var plc = Connect(3))
        {
            plc.Send(Frame(Attack));
        }

        Assert.Equal(0, tail.WaitForExit());
        load.Stop();

        Assert.Equal((0, ""), (reload.ExitCode, reload.Error));
        Assert.Matches("^Reloaded in [0-9]+ ms: [0-9]+ rules and 0 hashes at work, generation [0-9]+\\.\n$", reload.Out);
        Assert.Matches($@"^[0-9:.]+ critical 127\.0\.0\.3       plant\.pump-stop  {Attack}\n$", tail.Out);
        EveryPayloadIsAccountedFor(gateway, collector, load);
    }

    private void EveryPayloadIsAccountedFor(GatewayCommand gateway, AlertCollector collector, SteadySenders load)
    {
        Assert.True(collector.WaitFor(load.Evil), collector.Figures(load.Evil));
        Assert.Equal(0, collector.Duplicates + collector.Reordered);
        Assert.All(load.Senders, sender => Assert.Empty(collector.MissingOf(sender.Sensor, sender.Evil)));

        var status = _installed.Run("status", "-c", "gateway.yaml", "--json");
        using var report = JsonDocument.Parse(status.Out);
        Assert.Equal(load.Sent + 1, report.RootElement.GetProperty("payloads").GetProperty("received").GetInt64());
        Assert.True(report.RootElement.GetProperty("accounting").GetProperty("payloads_add_up").GetBoolean());
        gateway.Terminate();
        Assert.Equal(0, gateway.WaitForExit());
        Assert.Contains(
            $"Stopped: received {load.Sent + 1} payloads = 0 clean + {load.Sent + 1} alerted + 0 rejected + 0 dropped; "
                + $"alerts {load.Sent + 1} confirmed + 0 sent + 0 unconfirmed",
            gateway.Error,
            StringComparison.Ordinal);
    }

    private static string Mended => Mistaken
        .Replace("critcal", "critical", StringComparison.Ordinal)
        .Replace("(STOP|HALT_PUMP", "(STOP|HALT)_PUMP", StringComparison.Ordinal);

    private static byte[] Frame(string payload)
    {
        var frame = new byte[4 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length);
        Encoding.ASCII.GetBytes(payload, frame.AsSpan(4));
        return frame;
    }

    /// <summary>A sensor of its own: 127.0.0.x.</summary>
    private Socket Connect(int sensor)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.0.{sensor}"), 0));
        socket.Connect(IPAddress.Loopback, _installed.PortFor(7400));
        return socket;
    }
}
