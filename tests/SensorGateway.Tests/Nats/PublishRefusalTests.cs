using System.Text;
using SensorGateway.Nats;
using SensorGateway.Nats.Connection;
using SensorGateway.Nats.JetStream;
using SensorGateway.Nats.Protocol;

namespace SensorGateway.Tests.Nats;

public sealed class PublishRefusalTests
{
    [Theory]
    [InlineData("Permissions Violation for Publish to \"alerts.high.a\"", "alerts.high.a")]
    [InlineData("permissions violation FOR publish to \"a\"", "a")]
    [InlineData("Permissions Violation for Publish to \"a\\\"b\\\\c\"", "a\"b\\c")]
    [InlineData("Permissions Violation for Publish to \"a", null)]
    [InlineData("Permissions Violation for Publish to \"\"", null)]
    [InlineData("Permissions Violation for Publish to \"a\\", null)]
    [InlineData("Permissions Violation for Subscription to \"a\"", null)]
    [InlineData("", null)]
    public void TryReadSubject_Errors_FindsTheSubjectOrNothing(string error, string? expected)
    {
        Span<byte> target = stackalloc byte[64];
        var found = PublishRefusal.TryReadSubject(Encoding.UTF8.GetBytes(error), target, out var bytes);
        Assert.Equal(expected, found ? Encoding.UTF8.GetString(target[..bytes]) : null);
    }

    [Fact]
    public void TryReadSubject_AnyBytes_NeverLeavesItsTarget()
    {
        var random = new Random(5);
        var start = "Permissions Violation for Publish to \""u8.ToArray();
        Span<byte> target = stackalloc byte[16];
        for (var i = 0; i < 20_000; i++)
        {
            var tail = new byte[random.Next(40)];
            random.NextBytes(tail);
            tail.AsSpan().Replace((byte)'a', (byte)'\\');
            byte[] error = [.. start, .. tail];
            if (PublishRefusal.TryReadSubject(error, target, out var bytes))
            {
                Assert.InRange(bytes, 1, target.Length);
                Assert.Contains((byte)'"', tail);
            }
        }
    }

    [Fact]
    public void Count_MoreSubjectsThanItHolds_SumsTheRest()
    {
        var refused = new RefusedSubjects();
        Assert.Empty(refused.Read());
        for (var i = 0; i < RefusedSubjects.SubjectsMax + 100; i++)
        {
            refused.Count($"s{i}");
            refused.Count("s0");
        }

        var read = refused.Read();
        Assert.Equal(RefusedSubjects.SubjectsMax + 1, read.Length);
        Assert.Equal(new NatsRefusedSubject("s0", RefusedSubjects.SubjectsMax + 101), read[0]);
        Assert.Equal(new NatsRefusedSubject("(others)", 100), read[^1]);
    }

    [Fact]
    public void TrySettleRefused_SameSubjectTwice_SettlesTheOldestUnansweredFirst()
    {
        var log = new AckLog(1, null);
        foreach (var subject in (string[])["a.b", "a.bc", "a.b", "a"])
        {
            Assert.True(log.TryAppend(Encoding.ASCII.GetBytes(subject), [], [], "x"u8));
        }

        Assert.False(log.TrySettleRefused("a.b"u8, out _)); // Nothing is sent yet.
        while (log.Unsent(10, 1 << 16) is { IsEmpty: false } bytes)
        {
            log.AdvanceSent(bytes.Length, nowTicks: 1);
        }

        Assert.True(log.TrySettle(0, out _));
        Assert.True(log.TrySettleRefused("a.b"u8, out _));
        Assert.False(log.TrySettle(2, out _));
        Assert.False(log.TrySettleRefused("a.b"u8, out _));
        Assert.False(log.TrySettleRefused("other"u8, out _));
        Assert.True(log.TrySettleRefused("a"u8, out _));
        Assert.True(log.TrySettle(1, out _));
        Assert.Equal((0, log.CapacityBytes), (log.InFlight, log.FreeBytes));
    }

    [Fact]
    public void RefusalQueue_Full_ForgetsTheRestAndGoesOn()
    {
        var queue = new RefusalQueue();
        for (var i = 0; i < RefusalQueue.Capacity + 10; i++)
        {
            queue.TryAdd([(byte)(i % 251)]);
        }

        for (var i = 0; i < RefusalQueue.Capacity; i++)
        {
            Assert.Equal((byte)(i % 251), Assert.Single(queue.TryTake()!));
        }

        Assert.Null(queue.TryTake());
        queue.TryAdd([7]);
        Assert.Equal(7, Assert.Single(queue.TryTake()!));
    }
}
