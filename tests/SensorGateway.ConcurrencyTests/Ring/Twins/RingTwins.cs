using SensorGateway.Pipeline.Ring;

namespace SensorGateway.ConcurrencyTests.Ring.Twins;

/// <summary>Rings with one deliberate flaw each. A harness that lets one of them pass proves nothing about the real ring.</summary>
internal static class RingTwins
{
    private const int CapacityBytes = 4096;

    public static Dictionary<string, Func<(RingWriter[] Writers, RingReader Reader)>> ByFlaw { get; } = new()
    {
        ["publishes before filling"] = () => Single(static state => new PublishesBeforeFilling(state)),
        ["counts one step too many"] = () => Single(static state => new CountsOneStepTooMany(state)),
        ["forgets to mark the skip"] = () => Single(static state => new ForgetsTheSkip(state)),
        ["claims without CAS"] = static () =>
        {
            var state = new RingState(CapacityBytes);
            var stamps = new CommitStamps(state);
            return (
                [.. Enumerable.Range(0, 3).Select(_ => new ClaimsWithoutCas(state, stamps))],
                new MultiProducerReader(state, stamps, new SpaceSignal()));
        },
        ["stamps before filling"] = static () =>
        {
            var state = new RingState(CapacityBytes);
            var stamps = new CommitStamps(state);
            return (
                [.. Enumerable.Range(0, 3).Select(_ => new StampsBeforeFilling(state, stamps))],
                new MultiProducerReader(state, stamps, new SpaceSignal()));
        },
    };

    private static (RingWriter[] Writers, RingReader Reader) Single(Func<RingState, RingWriter> writer)
    {
        var state = new RingState(CapacityBytes);
        return ([writer(state)], new SingleProducerReader(state, new SpaceSignal()));
    }
}
