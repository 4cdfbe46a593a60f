using System.Net.Sockets;
using SensorGateway.Configuration;
using SensorGateway.Hosting.Control;

namespace SensorGateway.Cli.Checking;

/// <summary>Whether a gateway could listen on its control socket, and who does already.</summary>
internal static class ControlCheck
{
    private const string Name = "control.socket";
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);

    /// <param name="path">Full path of the socket.</param>
    /// <param name="isRequired">The configuration names it; a gateway starts without the one that nobody named.</param>
    /// <param name="cancel">Ends the waiting for an answer.</param>
    public static async Task<CheckedPlace> RunAsync(string path, bool isRequired, CancellationToken cancel)
    {
        try
        {
            var isLeftOver = ControlSocket.IsLeftOver(path);
            TryFolder(path);
            var shown = Printable.Whole(path);
            return new CheckedPlace(Name, true, isLeftOver ? $"{shown} is left over and will be replaced" : $"{shown} is free");
        }
        catch (ControlSocketException problem) when (problem.IsInUse)
        {
            return new CheckedPlace(
                Name, false, Printable.Whole(problem.Problem) + await WhoAsync(path, cancel).ConfigureAwait(false));
        }
        catch (ControlSocketException problem)
        {
            return Missing(problem, isRequired);
        }
        catch (Exception fault) when (fault is SocketException or IOException or UnauthorizedAccessException)
        {
            // As a start would say it, and without the name of the file that was tried.
            var reason = fault is UnauthorizedAccessException ? "Permission denied" : fault.Message.TrimEnd('.');
            return Missing(ControlSocket.CannotBeMade(path, reason), isRequired);
        }
    }

    private static CheckedPlace Missing(ControlSocketException problem, bool isRequired) => new(
        Name, !isRequired,
        Printable.Whole(problem.Problem)
            + (isRequired ? "" : " Without it the gateway runs all the same, and reloads by SIGHUP or rules.watch."));

    /// <summary>Makes a file beside it, which takes the same right as making or replacing the socket.</summary>
    internal static void TryFolder(string path) => File.Create(
        Path.Combine(Path.GetDirectoryName(path)!, $".sensor-gateway-check-{Environment.ProcessId}"), 1, FileOptions.DeleteOnClose).Dispose();

    private static async Task<string> WhoAsync(string path, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(AnswerMax);
        try
        {
            var answer = await ControlClient.AskAsync(path, """{"command":"status"}""", limit.Token).ConfigureAwait(false);
            return answer.Status is { } status ? $" It calls itself {Printable.Quote(status.Gateway)}." : "";
        }
        catch (Exception silence) when (silence is CommandException or OperationCanceledException)
        {
            return " It does not answer as a gateway of this version does.";
        }
    }
}
