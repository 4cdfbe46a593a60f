using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Spooling;

/// <summary>What the spool role and the publish role tell each other besides alerts. Each cell has one writer.</summary>
internal sealed class SpoolCells(int lanes)
{
    private readonly LaneCells[] _lanes = [.. Enumerable.Range(0, lanes).Select(static _ => new LaneCells())];
    private volatile bool _isFailing;
    private volatile bool _isRecovered;

    /// <summary>Bytes of all live records and of those taken over and not written. Writer: spool.</summary>
    public PaddedSequence UsedBytes;

    /// <summary>Bytes on the disk of records taken out of the hand-over ring, ever. Writer: spool.</summary>
    public PaddedSequence TakenBytes;

    /// <summary>Grows whenever the disk has answered, yes or no. Writer: spool.</summary>
    public PaddedSequence Answers;

    /// <summary>The disk takes nothing. Writer: spool.</summary>
    public bool IsFailing
    {
        get => _isFailing;
        set => _isFailing = value;
    }

    /// <summary>Everything an earlier start left behind is counted. Writer: spool; a release of those counts.</summary>
    public bool IsRecovered
    {
        get => _isRecovered;
        set => _isRecovered = value;
    }

    public LaneCells this[int lane] => _lanes[lane];

    /// <summary>For one connection.</summary>
    internal sealed class LaneCells
    {
        /// <summary>Records that an earlier start left for it. Writer: spool, before IsRecovered.</summary>
        public long Recovered { get; set; }

        /// <summary>Records that cannot be read back any more. Writer: spool.</summary>
        public PaddedSequence Lost;

        /// <summary>Sequence up to which its records are delivered or given up. Writer: publish.</summary>
        public PaddedSequence Confirmed;
    }
}
