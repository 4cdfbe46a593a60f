using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using SensorGateway.Benchmarks.Detection;
using SensorGateway.Benchmarks.Detection.Stages;
using SensorGateway.Benchmarks.Ring;
using SensorGateway.Benchmarks.Scenarios;

switch (args)
{
    case ["detect", ..]:
        return DetectCommand.Run(args[1..]);
    case ["cache"]:
        return CacheCommand.Run();
    case ["ring"]:
        return RingCommand.Run();
    case ["scenarios"]:
        return ScenarioCommand.List();
    case ["scenario", ..]:
        return ScenarioCommand.Work(args[1..]);
    default:
        // The build that BenchmarkDotNet makes takes longer than its two minutes on a busy machine.
        BenchmarkSwitcher.FromAssembly(typeof(EventRingBenchmarks).Assembly)
            .Run(args, ManualConfig.Create(DefaultConfig.Instance).WithBuildTimeout(TimeSpan.FromMinutes(15)));
        return 0;
}
