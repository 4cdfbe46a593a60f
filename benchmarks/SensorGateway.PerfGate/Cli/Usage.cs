namespace SensorGateway.PerfGate.Cli;

/// <summary>What <c>--help</c> prints.</summary>
internal static class Usage
{
    public const string Text = """
        Compares two builds of the gateway on this machine, in turn on one CPU, and says whether the new one got slower.

        usage: SensorGateway.PerfGate compare --new [NAME=]DIR --old [NAME=]DIR [--old ...] [options]
               SensorGateway.PerfGate statistics --new [NAME=]DIR --scenario S --log FILE [options]
               SensorGateway.PerfGate trend FOLDER -o FILE.svg
               SensorGateway.PerfGate validate FOLDER
               SensorGateway.PerfGate schema

        DIR is the output folder of a Release build of benchmarks/SensorGateway.Benchmarks.

        compare
          --scenario S[,S...]    names, or beginnings with a star          (default: all that both builds can run)
          --quick                the short list, 3 launches of 10 pairs: about a minute
          --launches N           fresh processes of both builds            (default 5)
          --pairs N, --slice-ms N, --warm-up-ms N                          (default: as the scenario asks, 1000)
          --cpu N                CPU that both share in turn               (default: the last one allowed)
          --threshold R          ratio that is too much                    (default 1.10)
          --no-proof             leaves the proof out: a build against itself must pass, with 15 % more work it must fail
          --proof-inject P, --inject-new P    percent of work injected for the proof (15), into the new build (0)
          --html FILE, --markdown FILE        where reports go
          --record FOLDER --git-sha SHA [--note TEXT]    adds the new build's figures to perf-baselines

        statistics: how often the gate is right. Finished runs are kept in the log, so it may be stopped and started again.
          --self-runs N (40)  --injected-runs N (20)  --inject P[,P...] (12,15,25)  --neighbour

        example: SensorGateway.PerfGate compare --old main=artifacts/perf/1a2b3c --new now=benchmarks/SensorGateway.Benchmarks/bin/Release/net10.0 --quick
        exit: 0 pass; 1 regression, or a bad file for validate; 2 inconclusive: measured nothing, or failed its proof; 64 usage
        """;
}
