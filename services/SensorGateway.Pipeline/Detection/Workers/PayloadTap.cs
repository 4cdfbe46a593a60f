namespace SensorGateway.Pipeline.Detection.Workers;

/// <summary>Copies some of the payloads that pass a worker, while somebody asks for them; otherwise one test each.</summary>
/// <remarks>
/// The worker alone adds, under its baton; it writes bytes before it moves the count, and never writes a payload again, so
/// a reader may look at any time. The memory belongs to whoever asked.
/// </remarks>
internal sealed class PayloadTap
{
    private const int PerTurnMax = 8; // Spread over many turns, so that one talkative sensor is not all there is.

    private PayloadSample? _wanted;
    private int _leftInTurn;

    /// <summary>True while payloads are wanted. Worker only.</summary>
    public bool IsOpen => Volatile.Read(ref _wanted) is not null;

    /// <summary>Starts to copy into this sample, or stops. Any thread.</summary>
    public void Use(PayloadSample? sample) => Volatile.Write(ref _wanted, sample);

    /// <summary>Begins a turn. Worker only.</summary>
    public void BeginTurn() => _leftInTurn = PerTurnMax;

    /// <summary>Copies a payload unless this turn has given enough; alerts are rare and always wanted. Worker only.</summary>
    public void Take(ReadOnlySpan<byte> payload, bool isAlert)
    {
        if ((isAlert || _leftInTurn-- > 0) && Volatile.Read(ref _wanted) is { } sample)
        {
            sample.Add(payload, isAlert);
        }
    }
}

/// <summary>Payloads seen on the way. Owner of the adding end: one worker; read by anybody.</summary>
internal sealed class PayloadSample
{
    private const int PayloadsMax = 512;
    private const int BytesMax = 1 << 20;
    private const int PayloadBytesMax = 16 * 1024;

    private readonly byte[] _bytes = new byte[BytesMax];
    private readonly int[] _ends = new int[PayloadsMax];
    private int _count;
    private int _alerts;

    /// <summary>The payloads so far.</summary>
    public List<byte[]> Payloads()
    {
        var count = Volatile.Read(ref _count); // Acquire, pairs with Add: the bytes were written before.
        var payloads = new List<byte[]>(count);
        for (var i = 0; i < count; i++)
        {
            payloads.Add(_bytes[(i == 0 ? 0 : _ends[i - 1]).._ends[i]]);
        }

        return payloads;
    }

    /// <summary>Copies a payload unless it is large or the room is used up; alerts get at most half of it.</summary>
    public void Add(ReadOnlySpan<byte> payload, bool isAlert)
    {
        var count = _count;
        var from = count == 0 ? 0 : _ends[count - 1];
        if (count == PayloadsMax || payload.Length > Math.Min(PayloadBytesMax, BytesMax - from)
            || (isAlert && _alerts++ >= PayloadsMax / 2))
        {
            return;
        }

        payload.CopyTo(_bytes.AsSpan(from));
        _ends[count] = from + payload.Length;
        Volatile.Write(ref _count, count + 1); // Release, pairs with Payloads.
    }
}
