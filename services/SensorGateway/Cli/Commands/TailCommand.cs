using System.CommandLine;
using System.Text;
using SensorGateway.Cli.Tailing;
using SensorGateway.Nats;

namespace SensorGateway.Cli.Commands;

/// <summary><c>tail</c>.</summary>
internal static class TailCommand
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var nats = CommonOptions.NatsUrl();
        var subject = new Option<string>("--subject")
        {
            Description = "Subject to listen to, wildcards allowed.",
            HelpName = "S",
            DefaultValueFactory = static _ => "alerts.>",
        };
        var count = new Option<int?>("--count") { Description = "End after this many alerts.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "The messages as they are, one a line." };
        var command = new Command("tail", "Shows alerts as they arrive from NATS.") { nats, subject, count, json };
        var tls = new TlsInput();
        tls.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var console = CliConsole.Of(parsed);
            var left = parsed.GetValue(count) ?? int.MaxValue;
            var endpoint = NatsInput.Parse(parsed.GetValue(nats)!);
            var encryption = tls.Read(parsed);
            return Task.Run(
                () => Follow(console, endpoint, encryption, parsed.GetValue(subject)!, left, parsed.GetValue(json), cancel),
                CancellationToken.None);
        });
        HelpWithExamples.Add(
            command, "sensor-gateway tail --nats nats://127.0.0.1:4222 --subject 'alerts.critical.*'",
            "sensor-gateway tail --json --count 10");
        return command;
    }

    private static int Follow(
        CliConsole console, NatsEndpoint endpoint, NatsTlsOptions tls, string subject, int left, bool json, CancellationToken cancel)
    {
        var printer = new AlertPrinter(console);
        var hadConnection = false;
        while (left > 0 && !cancel.IsCancellationRequested)
        {
            try
            {
                using var subscriber = NatsSubscriber.Connect(endpoint, clientName: "sensor-gateway-tail", tls: tls);
                subscriber.Subscribe(subject);
                hadConnection = true;
                console.Error.WriteLine($"Listening to {subject} on {endpoint}; Ctrl+C ends.");
                left = Read(console, subscriber, printer, left, json, cancel);
                if (!subscriber.IsOpen)
                {
                    console.Error.WriteLine($"{endpoint}: connection lost ({subscriber.LastError}); trying again.");
                }
            }
            catch (NatsException failure)
            {
                if (!hadConnection)
                {
                    throw new CommandException(
                        ExitCodes.BadEnvironment,
                        $"{failure.Message.TrimEnd('.')}; start nats-server, or name another with --nats.");
                }

                cancel.WaitHandle.WaitOne(Pause);
            }
        }

        return ExitCodes.Success;
    }

    private static int Read(
        CliConsole console, NatsSubscriber subscriber, AlertPrinter printer, int left, bool json,
        CancellationToken cancel)
    {
        while (left > 0 && subscriber.IsOpen && !cancel.IsCancellationRequested)
        {
            if (subscriber.TryRead(out var message, Step))
            {
                console.Out.WriteLine(
                    json ? Encoding.UTF8.GetString(message.Payload) : printer.Format(message.Subject, message.Payload));
                left--;
            }
            else
            {
                console.Out.Flush();
            }
        }

        return left;
    }
}
