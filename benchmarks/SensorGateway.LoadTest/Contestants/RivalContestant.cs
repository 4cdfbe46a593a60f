using System.Globalization;

namespace SensorGateway.LoadTest.Contestants;

/// <summary>The crude program, as a process of its own.</summary>
internal sealed class RivalContestant : Contestant
{
    public RivalContestant(Uri nats, string rulesPath)
    {
        Process = new ChildProcess(
            ["dotnet", typeof(RivalContestant).Assembly.Location, "rival", "--port",
                Port.ToString(CultureInfo.InvariantCulture),
                "--nats", nats.ToString(), "--rules", rulesPath],
            Path.GetTempPath());

        // It serves one connection after the other, so the probe's is over before the load begins.
        Ports.WaitUntilOpen(Port, Process, "the rival");
    }

    /// <inheritdoc/>
    public override string Name => "rival";

    /// <inheritdoc/>
    public override ChildProcess Process { get; }
}
