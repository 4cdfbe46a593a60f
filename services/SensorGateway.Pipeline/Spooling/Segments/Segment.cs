using SensorGateway.Pipeline.Spooling.Files;

namespace SensorGateway.Pipeline.Spooling.Segments;

/// <summary>One file of the spool. Owner: the spool role.</summary>
internal sealed class Segment(string name, ulong firstSequence)
{
    private ISpoolFile? _file;

    public string Name { get; } = name;

    /// <summary>Of its first record, as the name says.</summary>
    public ulong FirstSequence { get; } = firstSequence;

    /// <summary>Of its last record.</summary>
    public ulong LastSequence { get; set; }

    /// <summary>Bytes in use: up to where records may lie.</summary>
    public long Bytes { get; set; }

    /// <summary>Bytes taken from the disk, reserved ones included.</summary>
    public long DiskBytes { get; set; }

    public long Records { get; set; }

    /// <summary>When its first record was written, in milliseconds since 1970.</summary>
    public long SavedAtMilliseconds { get; set; }

    /// <summary>Damaged in the middle, where no crash tears it: to be kept for a look at it.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>The one written later.</summary>
    public Segment? Next { get; set; }

    /// <summary>Opens the file when it is not open yet.</summary>
    public ISpoolFile Open(ISpoolFiles files) => _file ??= files.OpenRead(Name);

    public void Adopt(ISpoolFile file) => _file = file;

    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
