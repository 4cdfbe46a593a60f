using System.Collections.Immutable;

namespace SensorGateway.Nats.Connection;

/// <summary>Which subjects the server does not let us publish to, and how often it said so.</summary>
/// <remarks>Owner: the reading side; any thread may read. Bounded: subjects carry names that senders choose.</remarks>
internal sealed class RefusedSubjects
{
    public const int SubjectsMax = 16;
    private const string Others = "(others)";

    private readonly Entry[] _entries = new Entry[SubjectsMax + 1];
    private volatile int _count;

    public void Count(string subject)
    {
        var count = _count;
        for (var i = 0; i < count; i++)
        {
            if (_entries[i].Subject == subject || _entries[i].Subject == Others)
            {
                _entries[i].Add();
                return;
            }
        }

        _entries[count] = new Entry(count == SubjectsMax ? Others : subject);
        _entries[count].Add();
        _count = count + 1; // Release: whoever sees the count sees the entry.
    }

    public ImmutableArray<NatsRefusedSubject> Read()
    {
        var count = _count;
        return count == 0 ? [] : [.. _entries.Take(count).Select(static entry => new NatsRefusedSubject(entry.Subject, entry.Value))];
    }

    private sealed class Entry(string subject)
    {
        private long _value;

        public string Subject { get; } = subject;

        public long Value => Volatile.Read(ref _value);

        public void Add() => Volatile.Write(ref _value, _value + 1);
    }
}
