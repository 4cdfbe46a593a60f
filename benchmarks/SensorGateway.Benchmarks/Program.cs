using BenchmarkDotNet.Running;
using SensorGateway.Benchmarks.Detection;
using SensorGateway.Benchmarks.Ring;

switch (args)
{
    case ["detect", ..]:
        return DetectCommand.Run(args[1..]);
    case ["ring"]:
        return RingCommand.Run();
    default:
        BenchmarkSwitcher.FromAssembly(typeof(EventRingBenchmarks).Assembly).Run(args);
        return 0;
}
