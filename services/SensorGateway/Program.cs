using SensorGateway.Cli;
using SensorGateway.Pipeline.Detection.Regexes;

RegexFrames.Enable();
return await CliProgram.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
