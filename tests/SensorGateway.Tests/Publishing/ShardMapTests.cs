using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Tests.Publishing;

/// <summary>Random sensors, losses and sizes against the one thing that matters: the order of each slot's messages.</summary>
public sealed class ShardMapTests
{
    [Fact]
    public void For_RandomLossesAndSizes_NoSlotIsOnTwoConnectionsAtOnce()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var connections = Enumerable.Range(0, 4).Select(_ => new SlowConnection()).ToArray();
            var shards = connections.Select(connection => new Shard(connection)).ToArray();
            var map = new ShardMap(shards, 1, mayMove: true);
            var owed = new HashSet<int>[4]; // Slots with unconfirmed messages, per connection.
            for (var i = 0; i < 4; i++)
            {
                owed[i] = [];
            }

            for (var step = 0; step < 3000; step++)
            {
                var one = random.Next(4);
                switch (random.Next(10))
                {
                    case 0:
                        connections[one].IsUp = !connections[one].IsUp;
                        shards[one].Flush(step, new PublishCounters());
                        map.Place(random.Next(1, 5));
                        break;
                    case 1 when connections[one].IsUp:
                        connections[one].ConfirmSome(random);
                        owed[one] = [.. connections[one].Unconfirmed];
                        break;
                    case 2:
                        map.TryMoveAll();
                        break;
                    default:
                        var slot = random.Next(ShardMap.Slots);
                        var shard = map.For(slot);
                        var home = Array.IndexOf(shards, shard);
                        for (var other = 0; other < 4; other++)
                        {
                            Assert.True(other == home || !owed[other].Contains(slot), $"seed {seed}: slot {slot} moved too early");
                        }

                        shard.TryAppend("a"u8, BitConverter.GetBytes(slot), 0, 0);
                        map.NoteAppended(slot);
                        owed[home].Add(slot);
                        break;
                }
            }

            Array.ForEach(connections, static connection => connection.IsUp = true);
            Array.ForEach(shards, static shard => shard.Flush(1, new PublishCounters()));
            Array.ForEach(connections, static connection => connection.ConfirmAll());
            map.Place(3);
            Assert.True(map.TryMoveAll());
            Assert.Equal(3, map.InUse);
            Assert.False(map.IsUnsettled);
        }
    }

    [Fact]
    public void Place_SensorsMayNotMove_StayWhereTheyAre()
    {
        var shards = Enumerable.Range(0, 4).Select(_ => new Shard(new SlowConnection())).ToArray();
        var map = new ShardMap(shards, 4, mayMove: false);
        map.Place(1);
        Assert.Equal(4, map.InUse);
        Assert.Same(shards[3], map.For(7));
    }

    /// <summary>Confirms in order, but only when told.</summary>
    private sealed class SlowConnection : IPublishConnection
    {
        private readonly Queue<int> _unconfirmed = new();

        public bool IsUp { get; set; }

        public IEnumerable<int> Unconfirmed => _unconfirmed;

        public long SettledThrough { get; private set; }

        public long KeptBytes => _unconfirmed.Count;

        public bool HasBacklog => false;

        public bool Hurry { get; set; }

        public long NextFlushDueTicks => long.MaxValue;

        public int PollDescriptor => -1;

        public long SentMessages => SettledThrough;

        public long SettledMessages => SettledThrough;

        public void ConfirmSome(Random random)
        {
            for (var left = random.Next(_unconfirmed.Count + 1); left > 0; left--)
            {
                _unconfirmed.Dequeue();
                SettledThrough++;
            }
        }

        public void ConfirmAll()
        {
            SettledThrough += _unconfirmed.Count;
            _unconfirmed.Clear();
        }

        public AppendResult TryAppend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
        {
            _unconfirmed.Enqueue(BitConverter.ToInt32(payload));
            return AppendResult.Appended;
        }

        public FlushResult Flush(long nowTicks) => IsUp ? FlushResult.Idle : FlushResult.Down;

        public ConnectionSnapshot Snapshot() => new() { Index = 0, State = "connected" };

        public void Start()
        {
        }

        public void Dispose()
        {
        }
    }
}
