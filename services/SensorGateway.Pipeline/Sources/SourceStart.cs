using System.Net.Sockets;

namespace SensorGateway.Pipeline.Sources;

/// <summary>Turns what the system says into what the user can do.</summary>
internal static class SourceStart
{
    /// <summary>A problem with where the source listens.</summary>
    /// <param name="options">The source.</param>
    /// <param name="place">Address or path, as configured.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="cure">What to do.</param>
    public static SourceStartException Refused(SourceOptions options, string place, string problem, string cure) =>
        new($"source {options.Id}: cannot listen on {place}: {problem}; {cure}");

    /// <summary>A failed bind or listen.</summary>
    public static SourceStartException From(SocketException error, SourceOptions options, string place)
    {
        var key = $"sources.{options.Id}.{(options.Type == SourceType.Unix ? "path" : "listen")}";
        var (problem, cure) = error.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => ("address already in use", $"stop the other process or change {key}"),
            SocketError.AccessDenied => (
                "permission denied",
                options.Type == SourceType.Unix
                    ? $"give this user write access to the folder or change {key}"
                    : $"use a port above 1023 in {key} or grant CAP_NET_BIND_SERVICE"),
            SocketError.AddressNotAvailable => ("this host has no such address", $"use one of its own in {key}"),
            SocketError.AddressFamilyNotSupported => ("this host does not speak that protocol", $"change {key}"),
            SocketError.TooManyOpenSockets => ("too many open files", "raise the limit of open files (ulimit -n)"),
            _ => (error.Message, $"change {key}"),
        };
        return Refused(options, place, problem, cure);
    }
}
