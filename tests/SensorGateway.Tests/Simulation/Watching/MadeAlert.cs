using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Simulation.Watching;

/// <summary>An alert or summary that detection has put into the alert ring.</summary>
/// <param name="Id">As it stands in the message.</param>
/// <param name="Sensor">Whose it is.</param>
/// <param name="Order">Its place among all that were made.</param>
/// <param name="Severity">The gravest.</param>
/// <param name="Bytes">Subject and message.</param>
/// <param name="Content">A hash of both.</param>
/// <param name="Process">The start of the gateway that made it.</param>
internal sealed record MadeAlert(
    string Id, string Sensor, long Order, Severity Severity, int Bytes, ulong Content, int Process)
{
    /// <summary>The turn of publishing that took it out of the ring; 0 while it waits there.</summary>
    public long TakenInTurn { get; set; }

    /// <summary>The server has it.</summary>
    public bool IsDelivered { get; set; }

    /// <summary>
    /// It may arrive after alerts that were made later: a server has said that it does not take it, so that it is counted as
    /// dropped, and still it may come out of the spool at a later start; or the disk could not be read at the start.
    /// </summary>
    public bool MayBeLate { get; set; }

    /// <summary>It may be missing: a counter has accounted for it.</summary>
    public bool IsCounted { get; set; }

    /// <summary>It may be missing: it was lost with the memory of a process or with a part of a disk.</summary>
    public bool IsLost { get; set; }

    /// <summary>It must still arrive.</summary>
    public bool IsOpen => !IsDelivered && !IsCounted && !IsLost;
}
