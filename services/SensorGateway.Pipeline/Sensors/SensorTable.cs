namespace SensorGateway.Pipeline.Sensors;

/// <summary>All sensors that have spoken lately, by handle. Bounded.</summary>
/// <remarks>
/// Acquire and Return lock, but happen per connection or per new UDP peer, never per payload. A returned handle goes to
/// another sensor only when no free one is left and after a rest in which everything in the rings has long passed.
/// </remarks>
public sealed class SensorTable
{
    private readonly Lock _gate = new();
    private readonly Sensor?[] _sensors;
    private readonly int[] _users;
    private readonly Dictionary<(string Source, string Id), int> _handles = [];
    private readonly Queue<Rest> _resting = new();
    private readonly long[] _returnedAtTicks;
    private readonly bool[] _isQueued;
    private readonly TimeSpan _rest;
    private readonly TimeProvider _clock;
    private int _next;

    /// <param name="capacity">Most sensors known at once.</param>
    /// <param name="rest">How long a returned handle keeps its old name.</param>
    /// <param name="clock">Measures the rest.</param>
    public SensorTable(int capacity = 65_536, TimeSpan? rest = null, TimeProvider? clock = null)
    {
        _sensors = new Sensor?[capacity];
        _users = new int[capacity];
        _returnedAtTicks = new long[capacity];
        _isQueued = new bool[capacity];
        _rest = rest ?? TimeSpan.FromSeconds(60);
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Sensors with a handle.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _handles.Count;
            }
        }
    }

    /// <summary>The sensor behind a handle that a record carries.</summary>
    public Sensor this[int handle] => Volatile.Read(ref _sensors[handle])!; // Acquire, pairs with the write in Acquire.

    /// <summary>The sensor of this name, with one more user. Null when the table is full.</summary>
    public Sensor? Acquire(string source, string id)
    {
        lock (_gate)
        {
            if (_handles.TryGetValue((source, id), out var known))
            {
                _users[known]++;
                return _sensors[known];
            }

            if (!TryFindRoom(out var handle))
            {
                return null;
            }

            var sensor = new Sensor(handle, id, source);
            _handles.Add((source, id), handle);
            _users[handle] = 1;
            Volatile.Write(ref _sensors[handle], sensor); // Release: the fields are written before the handle is seen.
            return sensor;
        }
    }

    /// <summary>One user of the sensor less.</summary>
    public void Return(Sensor sensor)
    {
        lock (_gate)
        {
            if (--_users[sensor.Handle] > 0)
            {
                return;
            }

            _returnedAtTicks[sensor.Handle] = _clock.GetTimestamp();
            if (!_isQueued[sensor.Handle])
            {
                _isQueued[sensor.Handle] = true;
                _resting.Enqueue(new Rest(sensor.Handle, _returnedAtTicks[sensor.Handle]));
            }
        }
    }

    private bool TryFindRoom(out int handle)
    {
        if (_next < _sensors.Length)
        {
            handle = _next++;
            return true;
        }

        // Oldest first, and no further than the first that must rest on: a flood of names costs no search of the table.
        while (_resting.TryPeek(out var oldest))
        {
            if (_users[oldest.Handle] > 0)
            {
                _isQueued[oldest.Handle] = false; // In use again; its next return queues it anew.
                _resting.Dequeue();
            }
            else if (_returnedAtTicks[oldest.Handle] != oldest.SinceTicks)
            {
                _resting.Dequeue(); // Used and returned meanwhile: its rest began later.
                _resting.Enqueue(oldest with { SinceTicks = _returnedAtTicks[oldest.Handle] });
            }
            else if (_clock.GetElapsedTime(oldest.SinceTicks) < _rest)
            {
                break;
            }
            else
            {
                handle = _resting.Dequeue().Handle;
                var gone = _sensors[handle]!;
                _handles.Remove((gone.Source, gone.Id));
                _isQueued[handle] = false;
                return true;
            }
        }

        handle = -1;
        return false;
    }

    private readonly record struct Rest(int Handle, long SinceTicks);
}
