using SensorGateway.Cli;

return await CliProgram.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
