using System.Runtime.InteropServices;

namespace SensorGateway.Hosting;

/// <summary>SIGTERM and SIGINT as a token, from the first moment of a start on.</summary>
/// <remarks>
/// The command line listens to them too, but only once the start has waited for something; until then the web server's
/// host would take the signal for its own and the gateway would go on.
/// </remarks>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _registrations;

    /// <param name="stop">Another wish to stop, which counts as well.</param>
    public StopSignals(CancellationToken stop)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask),
        ];
    }

    /// <summary>Cancelled when the gateway shall end.</summary>
    public CancellationToken Token => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_registrations, static registration => registration.Dispose());
        _stop.Dispose();
    }

    private void Ask(PosixSignalContext signal)
    {
        signal.Cancel = true; // Or the process would end before it has drained.
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It came while the gateway was ending anyway.
        }
    }
}
