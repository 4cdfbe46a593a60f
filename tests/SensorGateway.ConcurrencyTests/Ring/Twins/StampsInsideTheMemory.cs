using SensorGateway.Pipeline.Ring;

namespace SensorGateway.ConcurrencyTests.Ring.Twins;

/// <summary>Keeps each record's stamp in its own header, where the payload of an earlier lap may have lain.</summary>
internal static class StampsInsideTheMemory
{
    public static (RingWriter[] Writers, RingReader Reader) Create(int capacityBytes, int producers)
    {
        var state = new RingState(capacityBytes);
        return (
            [.. Enumerable.Range(0, producers).Select(_ => new Writer(state))],
            new Reader(state));
    }

    private sealed class Writer(RingState state) : RingWriter
    {
        public override int PayloadBytesMax => state.PayloadBytesMax;

        public override bool IsAtMostHalfFull => true;

        public override bool HasRoomFor(int payloadBytes) => true;

        public override bool TryClaim(int payloadBytes, out SlotLease lease)
        {
            // Right in everything else: the header is filled in by Commit, the stamp last.
            var stride = RingState.StrideFor(payloadBytes);
            while (true)
            {
                var next = state.Claimed.ReadAcquire();
                if (next + stride - state.Consumed.ReadAcquire() > state.CapacityBytes)
                {
                    lease = default;
                    return false;
                }

                if (state.Claimed.TryAdvance(next, next + stride))
                {
                    ref var header = ref state.HeaderAt(next);
                    lease = new SlotLease(ref header.Tag, state.PayloadAt(next, payloadBytes), next);
                    return true;
                }
            }
        }

        public override void Commit(in SlotLease lease)
        {
            ref var header = ref state.HeaderAt(lease.Position);
            header.PayloadBytes = lease.Payload.Length;
            header.StrideBytes = RingState.StrideFor(lease.Payload.Length);
            Volatile.Write(ref header.Tag.Extra, lease.Position + 1);
        }

        public override void Publish()
        {
        }
    }

    private sealed class Reader(RingState state) : RingReader(state, new SpaceSignal())
    {
        public override bool HasRecords => IsReady(State.Consumed.ReadAcquire());

        private protected override bool IsReady(long position) =>
            Volatile.Read(ref State.HeaderAt(position).Tag.Extra) == position + 1;
    }
}
