using System.Text.Json;
using SensorGateway.IntegrationTests.Cli;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Reloading;

/// <summary>Rules and configuration change while a gateway works.</summary>
public sealed class ReloadTests(ITestOutputHelper output)
{
    private const string Both = RunningGateway.Needle
        + "  - id: test.thistle\n    severity: low\n    match: { literal: thistle }\n";

    [Fact]
    public void Reload_UnderLoad_LosesNothingAndTheNewRuleAlerts()
    {
        using var gateway = new RunningGateway();
        using var tail = GatewayCommand.Start(
            gateway.Folder.Path, "tail", "--nats", gateway.Nats.Url, "--subject", "alerts.low.>", "--count", "1", "--json");
        tail.WaitForError("Listening to alerts.low.>");
        var stop = 0;
        var needles = 0L;
        var load = new Thread(() =>
        {
            for (; Volatile.Read(ref stop) == 0; needles++)
            {
                gateway.Send([.. Enumerable.Repeat("hay", 20), "needle", "thistle"]);
                Thread.Sleep(2);
            }
        });

        load.Start();
        gateway.Process.Wait(() => gateway.Matches("test.needle") > 100, "the load never came in");
        Assert.Equal(0, gateway.Matches("test.thistle"));
        gateway.Folder.Write("rules.yaml", Both);
        var reload = gateway.Reload();
        gateway.Process.Wait(() => gateway.Matches("test.thistle") > 100, "the new rule never matched");
        gateway.Folder.Write("rules.yaml", RunningGateway.Needle);
        Assert.Equal(0, gateway.Reload().ExitCode);
        Volatile.Write(ref stop, 1);
        load.Join();

        Assert.Equal((0, ""), (reload.ExitCode, reload.Error));
        Assert.Matches("^Reloaded in [0-9]+ ms: 2 rules and 0 hashes at work, generation [0-9]+\\.\n$", reload.Out);
        Assert.Equal(0, tail.WaitForExit());
        Assert.Contains("\"test.thistle\"", tail.Out, StringComparison.Ordinal);

        // Counts go on through both reloads, and every payload was judged by some generation.
        gateway.WaitForMatches("test.needle", needles);
        var status = gateway.Status();
        Assert.Equal(gateway.Sent, status.GetProperty("payloads").GetProperty("received").GetInt64());
        Assert.True(status.GetProperty("accounting").GetProperty("payloads_add_up").GetBoolean());
        Assert.Equal(2, status.GetProperty("reloads").GetProperty("succeeded").GetInt64());
        Assert.Equal(1, status.GetProperty("rules").GetInt32());
    }

    [Fact]
    public void Reload_OfAnythingBad_KeepsTheOldRulesAndSaysWhy()
    {
        using var gateway = new RunningGateway();
        var config = File.ReadAllText(gateway.Config);
        (string File, string Text, string Message)[] cases =
        [
            ("rules.yaml", "", "rules.yaml: there is no rule in this file; write 'rules:' and below it '  - id: …'."),
            ("rules.yaml", Both[..^20], "rules.yaml:9:1: this is no YAML: "),
            ("rules.yaml", Both.Replace("low", "lo", StringComparison.Ordinal), "rules.yaml:7:15: unknown severity 'lo'; "),
            (
                "rules.yaml", Both.Replace("[needle]", "[nedle]", StringComparison.Ordinal),
                "rules.yaml:5:25: rule 'test.needle' does not match this example; correct the rule or the example."),
            (
                "gateway.yaml", config.Replace("[rules.yaml]", "[rules.yaml], hashes: [bad.txt]", StringComparison.Ordinal),
                "bad.txt: there is no such file or folder; "),
            ("gateway.yaml", config + "ring: { slots: 1 }\n", "gateway.yaml:7:16: ring.slots is 1; use 64 to 1048576."),
            ("gateway.yaml", "sources: [", "gateway.yaml:"),
        ];
        var needles = 0;
        foreach (var (file, text, message) in cases)
        {
            gateway.Folder.Write("rules.yaml", RunningGateway.Needle);
            gateway.Folder.Write("gateway.yaml", config);
            gateway.Folder.Write(file, text);

            var (exitCode, output, error) = gateway.Reload();
            var status = gateway.Status().GetProperty("reloads");
            gateway.Send("needle", "hay");

            Assert.Equal(1, exitCode);
            Assert.StartsWith(message, error, StringComparison.Ordinal);
            Assert.Matches("^Refused, the rules before go on working: 1 rules and 0 hashes at work, generation [0-9]+\\.\n$", output);
            Assert.StartsWith(message, status.GetProperty("last_problems")[0].GetString(), StringComparison.Ordinal);
            Assert.False(status.GetProperty("last_ok").GetBoolean());
            gateway.WaitForMatches("test.needle", ++needles);
            gateway.Process.WaitForError($"Reload by command refused, the rules before go on working: {message}");
        }

        Assert.Contains(
            $"\nsensorgateway_reloads_total{{result=\"success\"}} 0\nsensorgateway_reloads_total{{result=\"failure\"}} {cases.Length}\n",
            gateway.Metrics(), StringComparison.Ordinal);
        var people = GatewayCommand.Run(gateway.Folder.Path, "status", "--socket", gateway.Socket);
        Assert.Contains($"reloads      0 done, {cases.Length} refused; THE LAST REFUSED at ", people.Out, StringComparison.Ordinal);
        gateway.Folder.Write("gateway.yaml", config);
        Assert.Equal(0, gateway.Reload("--json").ExitCode);
    }

    [Fact]
    public void Reload_OfConfiguration_AppliesWhatCanBeAndNamesTheRest()
    {
        using var gateway = new RunningGateway();
        var config = File.ReadAllText(gateway.Config);
        gateway.Folder.Write("other.yaml", Both);
        gateway.Folder.Write("gateway.yaml", config.Replace("[rules.yaml]", "[other.yaml]", StringComparison.Ordinal)
            .Replace("servers:", "connections: 5, servers:", StringComparison.Ordinal) + "log: { level: error }\n");

        var (exitCode, output, error) = gateway.Reload();
        using var json = JsonDocument.Parse(gateway.Reload("--json").Out);
        gateway.Send("thistle");
        gateway.WaitForMatches("test.thistle", 1);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.EndsWith(
            "Changed: rules.paths, log.level.\npublishing.connections needs a restart; the old value stays in use.\n",
            output, StringComparison.Ordinal);
        Assert.Empty(json.RootElement.GetProperty("applied").EnumerateArray());
        Assert.Equal("publishing.connections", json.RootElement.GetProperty("needs_restart")[0].GetString());
        Assert.Equal(4, gateway.Status().GetProperty("connections").GetArrayLength());
        Assert.DoesNotContain("Reloaded", gateway.Process.Error, StringComparison.Ordinal); // Now below log.level.

        gateway.Folder.Write("gateway.yaml", config);
        Assert.EndsWith("Changed: rules.paths, log.level.\n", gateway.Reload().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void HangUp_ReloadsWhatChanged()
    {
        if (Signals.IsIgnored(Signals.HangUp))
        {
            output.WriteLine("Skipped: these tests were started with SIGHUP ignored (nohup), and so is the gateway.");
            return;
        }

        using var gateway = new RunningGateway();
        gateway.Folder.Write("rules.yaml", Both);
        Signals.Send(gateway.Process.Id, Signals.HangUp);
        gateway.Process.WaitForError("Reloaded by SIGHUP: 2 rules");
    }

    [Fact]
    public void Watching_ReloadsWhenFilesChange()
    {
        using var gateway = new RunningGateway();
        gateway.Folder.Write("rules.yaml", Both);

        // Watching itself can be switched on without a restart.
        var folder = Directory.CreateDirectory(Path.Combine(gateway.Folder.Path, "more", "deep")).FullName;
        var config = File.ReadAllText(gateway.Config);
        gateway.Folder.Write(
            "gateway.yaml",
            config.Replace("[rules.yaml]", "[rules.yaml, 'more/**/*.yaml'], watch: true", StringComparison.Ordinal));
        gateway.Folder.Write("more/deep/a.yaml", Rule("test.a"));
        Assert.Equal(0, gateway.Reload().ExitCode);

        gateway.Folder.Write("more/b.yaml", Rule("test.b"));
        gateway.Process.WaitForError("Reloaded by watch: 4 rules");
        File.WriteAllText(Path.Combine(folder, "a.new"), Rule("test.a") + Rule("test.c")[7..]);
        File.Move(Path.Combine(folder, "a.new"), Path.Combine(folder, "a.yaml"), overwrite: true);
        gateway.Process.WaitForError("Reloaded by watch: 5 rules");
        File.Delete(Path.Combine(gateway.Folder.Path, "more", "b.yaml"));
        gateway.Process.WaitForError("Reloaded by watch: 4 rules and 0 hashes at work after");

        // Half a file is refused once, not again and again, and the whole one is taken.
        gateway.Folder.Write("more/b.yaml", Rule("test.b")[..^10]);
        gateway.Process.WaitForError("Reload by watch refused, the rules before go on working: more/b.yaml:");
        gateway.Folder.Write("more/b.yaml", Rule("test.b") + Rule("test.d")[7..]);
        gateway.Process.WaitForError("Reloaded by watch: 6 rules");
        Assert.Equal(1, gateway.Process.Error.Split("Reload by watch refused").Length - 1);
        gateway.Send("test.d");
        gateway.WaitForMatches("test.d", 1);
    }

    [Fact]
    public void RunAndCheck_WithAFailingExample_ExitWith2()
    {
        using var folder = new GatewayFolder("nats://127.0.0.1:1");
        folder.Write("rules.yaml", RunningGateway.Needle.Replace("[needle]", "[nedle]", StringComparison.Ordinal));
        const string Message =
            "rules.yaml:5:25: rule 'test.needle' does not match this example; correct the rule or the example.\n";

        var run = GatewayCommand.Run(folder.Path, "run");
        var check = GatewayCommand.Run(folder.Path, "check", "--no-environment");

        Assert.Equal((2, Message + "1 problem in the rules.\n"), (run.ExitCode, run.Error));
        Assert.Equal((2, Message), (check.ExitCode, check.Error));
    }

    private static string Rule(string id) => $"rules:\n  - id: {id}\n    match: {{ literal: {id} }}\n";
}
