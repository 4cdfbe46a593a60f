using System.Diagnostics.CodeAnalysis;
using System.Text;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Spooling.Files;
using SensorGateway.Pipeline.Spooling.Segments;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit;

namespace SensorGateway.Tests.Spooling;

/// <summary>
/// Random appends, writes, syncs, reads, confirmations, failing disks and crashes, against a plain list of what must be
/// there.
/// </summary>
public sealed class SpoolLogModelTests
{
    private const int Starts = 12;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, FaultRun.IsFull ? 2000 : 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Log_ThroughCrashesAndFailures_LosesNothingSyncedAndInventsNothing(int seed)
    {
        var random = new Random(seed);
        var files = new MemoryFiles();
        var model = new Model();
        for (var start = 1; start <= Starts; start++)
        {
            new Run(random, files, model, (ulong)start << 32).Live(random.Next(20, 300));
            files.Crash(random);
        }

        if (seed % 100 == 0)
        {
            FaultRun.Tell($"crashing spools: seed {seed}");
        }
    }

    /// <summary>What was ever appended, and what must be found again.</summary>
    private sealed class Model
    {
        public Dictionary<ulong, Entry> Entries { get; } = [];
    }

    private sealed record Entry(ulong Sequence, uint Hash, string Text)
    {
        /// <summary>On the disk for sure.</summary>
        public bool IsSynced { get; set; }

        public bool IsConfirmed { get; set; }
    }

    /// <summary>One start until its crash.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "A crash closes nothing.")]
    private sealed class Run
    {
        private readonly Random _random;
        private readonly MemoryFiles _files;
        private readonly Model _model;
        private readonly SpoolLog _log;
        private readonly Queue<Entry>[] _handed;
        private readonly Queue<Entry>[] _expected;
        private readonly ulong[] _confirmed;
        private readonly List<Entry> _unsynced = [];
        private ulong _next;

        public Run(Random random, MemoryFiles files, Model model, ulong first)
        {
            (_random, _files, _model, _next) = (random, files, model, first);
            var lanes = random.Next(1, 9);
            var options = new SpoolOptions { Folder = "x", BytesMax = SpoolOptions.BytesMin * random.Next(1, 3) };
            _log = new SpoolLog(files, options, lanes);
            _handed = [.. Enumerable.Range(0, lanes).Select(_ => new Queue<Entry>())];
            _expected = [.. Enumerable.Range(0, lanes).Select(_ => new Queue<Entry>())];
            _confirmed = new ulong[lanes];
            _log.Open(first);
            while (_log.Unscanned > 0)
            {
                _log.ScanNext();
            }

            // Everything that is there comes out now, so that it can be held against the model at once.
            CheckRecovered();
        }

        public void Live(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                Step();
            }

            Mend();
            ReadAll();
        }

        private void CheckRecovered()
        {
            var found = new HashSet<ulong>();
            for (var lane = 0; lane < _confirmed.Length; lane++)
            {
                var last = 0UL;
                while (_log.TryPeek(lane, out var record))
                {
                    var known = _model.Entries[record.Head.Sequence];
                    Assert.Equal(known.Text, Encoding.ASCII.GetString(record.Subject) + Encoding.ASCII.GetString(record.Json));
                    Assert.Equal((known.Hash, true), (record.Head.SensorHash, record.Head.Sequence > last));
                    last = known.Sequence;
                    Assert.True(found.Add(known.Sequence));
                    _log.Take(lane, record);
                    _handed[lane].Enqueue(known);
                }
            }

            Assert.Equal(_log.Recovered, found.Count);
            Assert.All(_log.Lanes, static lane => Assert.Equal((0, 0), (lane.Pending, lane.Lost)));
            var missing = _model.Entries.Values.Where(one => one is { IsSynced: true, IsConfirmed: false })
                .Select(one => one.Sequence).Except(found).ToArray();
            Assert.Empty(missing);
            foreach (var gone in _model.Entries.Keys.Except(found).ToArray())
            {
                _model.Entries.Remove(gone);
            }

            foreach (var there in _model.Entries.Values)
            {
                there.IsSynced = true; // What a start can read was on the disk.
            }
        }

        private void Step()
        {
            switch (_random.Next(20))
            {
                case < 9:
                    Append();
                    break;
                case < 12:
                    Try(() => _log.WriteOut());
                    break;
                case < 14:
                    Sync();
                    break;
                case < 17:
                    ReadSome();
                    break;
                case 17:
                    Confirm();
                    break;
                case 18:
                    Break();
                    break;
                default:
                    Mend();
                    break;
            }
        }

        private void Append()
        {
            for (var i = _random.Next(1, 20); i > 0; i--)
            {
                var hash = (uint)_random.Next(40);
                var bytes = _random.Next(30) == 0 ? _random.Next(60_000) : _random.Next(600);
                var entry = new Entry(_next, hash, $"s.{hash}#{_next}{new string('x', bytes)}");
                var head = new SpoolHead(_next, hash, 1, Severity.High, false);
                var subject = Encoding.ASCII.GetBytes(entry.Text[..3]);
                var json = Encoding.ASCII.GetBytes(entry.Text[3..]);
                if (!_log.TryAppend(head, subject, json) && !(Try(() => _log.WriteOut()) && _log.TryAppend(head, subject, json)))
                {
                    return; // As the spool role does, it waits.
                }

                _next++;
                _model.Entries.Add(entry.Sequence, entry);
                _unsynced.Add(entry);
                _expected[hash % _expected.Length].Enqueue(entry);
            }
        }

        private void Sync()
        {
            if (_log.BufferedBytes > 0 && !Try(() => _log.WriteOut()))
            {
                return;
            }

            if (_log.BufferedBytes == 0 && Try(() =>
            {
                _log.Sync();
                return true;
            }))
            {
                _unsynced.ForEach(static entry => entry.IsSynced = true);
                _unsynced.Clear();
            }
        }

        private void ReadSome()
        {
            var lane = _random.Next(_expected.Length);
            for (var i = _random.Next(30); i > 0; i--)
            {
                try
                {
                    if (!_log.TryPeek(lane, out var record))
                    {
                        return;
                    }

                    var expected = _expected[lane].Dequeue();
                    Assert.Equal(expected.Sequence, record.Head.Sequence);
                    _log.Take(lane, record);
                    _handed[lane].Enqueue(expected);
                }
                catch (IOException)
                {
                    return;
                }
            }
        }

        private void Confirm()
        {
            for (var lane = 0; lane < _confirmed.Length; lane++)
            {
                for (var i = _random.Next(60); i > 0 && _handed[lane].TryDequeue(out var entry); i--)
                {
                    _confirmed[lane] = entry.Sequence;
                    entry.IsConfirmed = true;
                }
            }

            _log.Release(_confirmed);
        }

        private void Break()
        {
            _files.Fails = _random.Next(3) == 0;
            _files.SyncFails = _random.Next(3) == 0;
            _files.Capacity = _random.Next(2) == 0 ? _random.Next(700_000) : long.MaxValue;
        }

        private void Mend() => (_files.Fails, _files.SyncFails, _files.Capacity) = (false, false, long.MaxValue);

        /// <summary>With a sound disk, everything that is kept comes out, or waits for room.</summary>
        private void ReadAll()
        {
            for (var round = 0; round < 3; round++)
            {
                Try(() => _log.WriteOut());
            }

            for (var lane = 0; lane < _expected.Length; lane++)
            {
                while (_log.TryPeek(lane, out var record))
                {
                    Assert.Equal(_expected[lane].Dequeue().Sequence, record.Head.Sequence);
                    _log.Take(lane, record);
                }

                Assert.Empty(_expected[lane]);
                Assert.Equal((0, 0), (_log.Lanes[lane].Pending, _log.Lanes[lane].Lost));
            }
        }

        private bool Try(Func<bool> step)
        {
            try
            {
                return step();
            }
            catch (IOException)
            {
                if (_files.SyncFails || _files.Fails)
                {
                    _unsynced.Clear(); // After a failed fsync nobody knows what the disk has.
                }

                return false;
            }
        }
    }
}
