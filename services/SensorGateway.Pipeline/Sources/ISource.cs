namespace SensorGateway.Pipeline.Sources;

/// <summary>A place where sensors send payloads. One type and one registration make a new kind.</summary>
public interface ISource : IDisposable
{
    /// <summary>The source's id.</summary>
    string Id { get; }

    /// <summary>Where it really listens, after <see cref="Bind"/>: <c>tcp://127.0.0.1:7400</c>, <c>unix:/run/in.sock</c>.</summary>
    string Endpoint { get; }

    /// <summary>Opens the socket, so that a port in use or a missing permission shows before any thread runs.</summary>
    /// <exception cref="SourceStartException">Says what is wrong and what to do.</exception>
    void Bind();

    /// <summary>Starts reading on its own thread, pinned to <paramref name="cpu"/> unless null.</summary>
    /// <param name="cpu">CPU index.</param>
    /// <param name="onFault">Told once, on that thread, why it ended early. Must not throw.</param>
    void Start(int? cpu, Action<string, Exception> onFault);

    /// <summary>Stops reading and accepting, and waits until the ingest thread has passed on what it had.</summary>
    void Stop();
}

/// <summary>A source cannot listen. The message names the place and the cure.</summary>
public sealed class SourceStartException(string message) : Exception(message);
