using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Tests.Simulation.Twins;

/// <summary>Every fiftieth message is confirmed although no server ever got it.</summary>
internal sealed class ConfirmsWhatItNeverGot : Twin
{
    public override IPublishConnection Wrap(IPublishConnection connection) => new Connection(connection);

    private sealed class Connection(IPublishConnection inner) : ConnectionTwin(inner)
    {
        private long _offered;
        private long _swallowed;

        public override long SentMessages => Inner.SentMessages + _swallowed;

        public override long SettledMessages => Inner.SettledMessages + _swallowed;

        public override long SettledThrough => Inner.SettledThrough + _swallowed;

        public override AppendResult TryAppend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
        {
            if (++_offered % 50 != 0)
            {
                return Inner.TryAppend(subject, payload);
            }

            _swallowed++;
            return AppendResult.Appended;
        }

        public override ConnectionSnapshot Snapshot() =>
            Inner.Snapshot() with { Confirmed = Inner.Snapshot().Confirmed + _swallowed };
    }
}

/// <summary>Sensors change their connection while alerts of theirs are still under way.</summary>
internal sealed class MovesTooEarly : Twin
{
    public override IPublishConnection Wrap(IPublishConnection connection) => new Connection(connection);

    private sealed class Connection(IPublishConnection inner) : ConnectionTwin(inner)
    {
        public override long SettledThrough => long.MaxValue;
    }
}

/// <summary>What a server refuses is in no counter.</summary>
internal sealed class CountsNoRefusals : Twin
{
    public override IPublishConnection Wrap(IPublishConnection connection) => new Connection(connection);

    private sealed class Connection(IPublishConnection inner) : ConnectionTwin(inner)
    {
        public override ConnectionSnapshot Snapshot() => Inner.Snapshot() with { SubjectForbidden = 0 };
    }
}

/// <summary>Nothing of what is unconfirmed goes to the spool at the end.</summary>
internal sealed class StoresNothingAtTheEnd : Twin
{
    public override IPublishConnection Wrap(IPublishConnection connection) => new Connection(connection);

    private sealed class Connection(IPublishConnection inner) : ConnectionTwin(inner)
    {
        public override long KeptMessages => 0;
    }
}

/// <summary>The last alerts before a silence never get the fence that would confirm them.</summary>
internal sealed class ForgetsTheTail : Twin
{
    public override IPublishConnection Wrap(IPublishConnection connection) => new Connection(connection);

    private sealed class Connection(IPublishConnection inner) : ConnectionTwin(inner)
    {
        public override long NextFlushDueTicks => long.MaxValue;
    }
}
