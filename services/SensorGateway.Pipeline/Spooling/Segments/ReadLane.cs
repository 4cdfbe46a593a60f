namespace SensorGateway.Pipeline.Spooling.Segments;

/// <summary>How far the alerts of one connection have come out of the spool. Owner: the spool role.</summary>
/// <remarks>
/// All connections share the segments, so that a start with another number of connections finds everything; each reads
/// them by itself, so that one that is stopped holds no other up.
/// </remarks>
internal sealed class ReadLane
{
    /// <summary>Records stored and not read yet, those that still wait in the write buffer included.</summary>
    public long Pending { get; set; }

    /// <summary>Where to read on; null until something was written that is to be read.</summary>
    public Segment? Segment { get; set; }

    public long Offset { get; set; }

    /// <summary>Bytes of the record on loan; 0 when it is lent from the write buffer.</summary>
    public int PeekedBytes { get; set; }

    /// <summary>The last sequence seen, of any lane: what is not above it is a duplicate.</summary>
    public ulong LastSeen { get; set; }

    /// <summary>The last record of this lane that was handed out.</summary>
    public ulong LastHanded { get; set; }

    /// <summary>The last record of this lane that a connection kept already when it was written.</summary>
    public ulong LastCopied { get; set; }

    /// <summary>Records that were counted and could not be read back.</summary>
    public long Lost { get; set; }

    /// <summary>The lowest sequence whose record must stay, when everything up to <paramref name="confirmed"/> may go.</summary>
    public ulong Needs(ulong confirmed)
    {
        if (confirmed < Math.Max(LastHanded, LastCopied))
        {
            return confirmed + 1;
        }

        return Pending > 0 ? Math.Max(LastHanded, confirmed) + 1 : ulong.MaxValue;
    }
}
