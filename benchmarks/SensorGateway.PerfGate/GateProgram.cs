using SensorGateway.PerfGate.Baselines;
using SensorGateway.PerfGate.Cli;

namespace SensorGateway.PerfGate;

/// <summary>The performance gate. See <see cref="Usage"/>.</summary>
internal static class GateProgram
{
    private const int UsageError = 64;

    public static int Main(string[] args)
    {
        try
        {
            switch (args)
            {
                case [] or ["--help"] or ["-h"] or [_, "--help"] or [_, "-h"]:
                    Console.WriteLine(Usage.Text);
                    return args.Length == 0 ? UsageError : 0;
                case ["compare", ..]:
                    return CompareCommand.Run(GateOptions.Parse(args.AsSpan(1)));
                case ["statistics", ..]:
                    return StatisticsCommand.Run(GateOptions.Parse(args.AsSpan(1)));
                case ["trend", var folder, "-o", var file]:
                    return BaselineCommands.Trend(folder, file);
                case ["validate", var folder]:
                    return BaselineCommands.Validate(folder);
                case ["schema"]:
                    Console.WriteLine(BaselineSchema.Text());
                    return 0;
                default:
                    Console.Error.WriteLine($"'{string.Join(' ', args)}' is unknown or incomplete; see --help");
                    return UsageError;
            }
        }
        catch (UsageException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return UsageError;
        }
    }
}
