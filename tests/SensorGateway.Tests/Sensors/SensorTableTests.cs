using SensorGateway.Pipeline.Sensors;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Sensors;

public sealed class SensorTableTests
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    private readonly ManualTime _time = new();
    private readonly HashSet<Sensor> _known = new(ReferenceEqualityComparer.Instance);

    [Fact]
    public void Acquire_OfTheSameName_LendsTheSameSensor()
    {
        var table = new SensorTable(4, Rest, _time);
        var first = table.Acquire("tcp", "a")!;

        Assert.Same(first, table.Acquire("tcp", "a"));
        Assert.NotEqual(first.Handle, table.Acquire("udp", "a")!.Handle);
        Assert.Same(first, table[first.Handle]);
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void Acquire_BeyondTheCapacity_ReturnsNull()
    {
        var table = Full(8);

        Assert.Null(table.Acquire("tcp", "one more"));
        Assert.Equal(8, table.Count);
        Assert.NotNull(table.Acquire("tcp", "3"));
    }

    [Fact]
    public void Acquire_AfterAReturn_ReusesTheHandleOnlyAfterItsRest()
    {
        var table = Full(2);
        var gone = table[0];
        table.Return(gone);
        _time.Advance(Rest - TimeSpan.FromMilliseconds(1));
        Assert.Null(table.Acquire("tcp", "new"));
        Assert.Same(gone, table[0]);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        var fresh = table.Acquire("tcp", "new")!;

        Assert.Equal(gone.Handle, fresh.Handle);
        Assert.Same(fresh, table[0]);
        Assert.Equal(2, table.Count);
        Assert.Null(table.Acquire("tcp", gone.Id));
    }

    [Fact]
    public void Acquire_WhileResting_RevivesTheSensor()
    {
        var table = Full(1);
        var sensor = table[0];
        table.Return(sensor);
        Assert.Same(sensor, table.Acquire("tcp", "0"));
        _time.Advance(2 * Rest);

        Assert.Null(table.Acquire("tcp", "new"));
        table.Return(sensor);
        Assert.Null(table.Acquire("tcp", "new"));
        _time.Advance(Rest);
        Assert.NotNull(table.Acquire("tcp", "new"));
    }

    [Fact]
    public void Return_OfOneUserOfSeveral_KeepsTheSensor()
    {
        var table = Full(1);
        var sensor = table.Acquire("tcp", "0")!;
        table.Return(sensor);
        _time.Advance(2 * Rest);

        Assert.Null(table.Acquire("tcp", "new"));
    }

    [Fact]
    public void Return_ThenUseThenReturn_RestsFromTheLastReturn()
    {
        var table = Full(1);
        var sensor = table[0];
        table.Return(sensor);
        _time.Advance(Rest / 2);
        table.Acquire("tcp", "0");
        table.Return(sensor);
        _time.Advance(Rest - TimeSpan.FromMilliseconds(1));

        Assert.Null(table.Acquire("tcp", "new"));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotNull(table.Acquire("tcp", "new"));
    }

    [Fact]
    public void Table_OnRandomUse_NeverRenamesAHandleInUseOrAtRest()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var table = new SensorTable(6, Rest, _time);
            var held = new List<Sensor>();
            var restUntil = new Dictionary<int, DateTimeOffset>();
            for (var step = 0; step < 400; step++)
            {
                if (random.Next(2) == 0 && table.Acquire("tcp", $"{random.Next(12)}") is { } sensor)
                {
                    var isOther = held.Any(other => other.Handle == sensor.Handle && !ReferenceEquals(other, sensor));
                    Assert.False(isOther, $"seed {seed}, step {step}: handle {sensor.Handle} has two names");
                    if (restUntil.Remove(sensor.Handle, out var until) && until > _time.GetUtcNow())
                    {
                        Assert.Contains(sensor, _known); // Only its own old name may come back this early.
                    }

                    _known.Add(sensor);
                    held.Add(sensor);
                }
                else if (held.Count > 0)
                {
                    var index = random.Next(held.Count);
                    var returned = held[index];
                    held.RemoveAt(index);
                    table.Return(returned);
                    restUntil[returned.Handle] = _time.GetUtcNow() + Rest;
                }

                _time.Advance(TimeSpan.FromSeconds(random.Next(20)));
                Assert.All(held, sensor => Assert.Same(sensor, table[sensor.Handle]));
                Assert.InRange(table.Count, 0, 6);
            }

            _known.Clear();
        }
    }

    [Fact]
    public void Acquire_AgainAndAgainOnAFullRestingTable_ComesBackToLifeAfterTheRest()
    {
        var table = Full(1_000);
        for (var i = 0; i < 1_000; i++)
        {
            table.Return(table[i]);
        }

        for (var i = 0; i < 10_000; i++)
        {
            Assert.Null(table.Acquire("udp", $"flood-{i}"));
        }

        _time.Advance(Rest);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.NotNull(table.Acquire("udp", $"later-{i}"));
        }

        Assert.Null(table.Acquire("udp", "one more"));
    }

    private SensorTable Full(int capacity)
    {
        var table = new SensorTable(capacity, Rest, _time);
        for (var i = 0; i < capacity; i++)
        {
            Assert.NotNull(table.Acquire("tcp", $"{i}"));
        }

        return table;
    }
}
