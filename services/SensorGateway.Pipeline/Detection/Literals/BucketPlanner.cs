using System.Collections;
using SensorGateway.Pipeline.Detection.Factors;

namespace SensorGateway.Pipeline.Detection.Literals;

/// <summary>Decides which neighbouring literals share a bucket, and how many groups of buckets there are.</summary>
/// <remarks>
/// A bucket lets more pass than its literals: any byte of one with any byte of another behind it. Neighbours are joined
/// where that adds least in typical traffic, for as long as another group of buckets would cost more than the
/// comparisons that it saves.
/// </remarks>
internal static class BucketPlanner
{
    // Per byte of payload, in nanoseconds; measured on two kinds of processors, roughly.
    private const double GroupCost = 0.06;
    private const double PlaceCost = 5;

    /// <summary>Plans the buckets.</summary>
    /// <param name="allowed">For each literal in order, the bytes allowed at each of its first places.</param>
    /// <param name="frequency">What is common in traffic.</param>
    /// <param name="bucketsPerGroup">Buckets in one group.</param>
    /// <param name="groupsMax">Most groups.</param>
    /// <returns>Where each bucket begins among the literals, and the end; a whole number of groups.</returns>
    public static int[] Starts(
        IReadOnlyList<BitArray[]> allowed, GramFrequency frequency, int bucketsPerGroup, int groupsMax)
    {
        if (allowed.Count == 0)
        {
            return [0];
        }

        var buckets = allowed.Select((sets, i) => new Bucket(i, sets, FrequencyOf(sets, frequency))).ToList();
        var best = (Cost: double.MaxValue, Starts: Array.Empty<int>());
        for (var groups = Math.Min(groupsMax, (buckets.Count + bucketsPerGroup - 1) / bucketsPerGroup); groups > 0; groups--)
        {
            while (buckets.Count > groups * bucketsPerGroup)
            {
                JoinCheapest(buckets, frequency);
            }

            var cost = groups * GroupCost + buckets.Sum(bucket => bucket.Frequency) * PlaceCost;
            if (cost < best.Cost)
            {
                // Buckets that are left over are empty and stand at the end.
                var starts = Enumerable.Repeat(allowed.Count, groups * bucketsPerGroup + 1).ToArray();
                buckets.Select(bucket => bucket.First).ToArray().CopyTo(starts, 0);
                best = (cost, starts);
            }
        }

        return best.Starts;
    }

    private static void JoinCheapest(List<Bucket> buckets, GramFrequency frequency)
    {
        var (at, joined, least) = (0, buckets[0], double.MaxValue);
        for (var i = 0; i + 1 < buckets.Count; i++)
        {
            // Only a bucket next to the last join has a new price; the others keep theirs.
            var union = buckets[i].Joined ??= Join(buckets[i], buckets[i + 1], frequency);
            var added = union.Frequency - buckets[i].Frequency - buckets[i + 1].Frequency;
            if (added < least)
            {
                (at, joined, least) = (i, union, added);
            }
        }

        buckets[at] = joined;
        buckets.RemoveAt(at + 1);
        if (at > 0)
        {
            buckets[at - 1].Joined = null;
        }
    }

    private static Bucket Join(Bucket left, Bucket right, GramFrequency frequency)
    {
        var sets = left.Sets.Zip(right.Sets, (one, other) => new BitArray(one).Or(other)).ToArray();
        return new Bucket(left.First, sets, FrequencyOf(sets, frequency));
    }

    private static double FrequencyOf(BitArray[] sets, GramFrequency frequency)
    {
        var product = 1.0;
        foreach (var set in sets)
        {
            product *= frequency.OfAny(set);
        }

        return product;
    }

    private sealed class Bucket(int first, BitArray[] sets, double frequency)
    {
        public int First => first;

        public BitArray[] Sets => sets;

        public double Frequency => frequency;

        public Bucket? Joined { get; set; }
    }
}
