using SensorGateway.Benchmarks.Detection;

if (args is ["detect", ..])
{
    return DetectCommand.Run(args[1..]);
}

return 0;
