using SensorGateway.Pipeline.Detection.Inspecting;

namespace SensorGateway.Tests.Detection;

/// <summary>Windows cover every place where a match may begin, whatever the order and number of triggers.</summary>
public sealed class AttemptWindowsTests
{
    private const int PayloadBytes = 600;

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 3)] // Too few further windows: they are joined.
    [InlineData(3, 0)]
    public void Add_OfRandomPlaces_CoversThemAllInAscendingWindows(int seed, int furtherMax)
    {
        var random = new Random(seed);
        for (var round = 0; round < 400; round++)
        {
            var windows = new AttemptWindows(3, furtherMax);
            windows.Reset();
            var wanted = new bool[3, PayloadBytes];
            var opened = new bool[3];
            var ascending = random.Next(2) == 0;
            var at = 0;
            for (var i = 0; i < 40; i++)
            {
                var plan = random.Next(3);
                at = ascending ? Math.Min(PayloadBytes - 1, at + random.Next(40)) : random.Next(PayloadBytes);
                var from = Math.Max(0, at - random.Next(30));
                for (var place = from; place <= at; place++)
                {
                    wanted[plan, place] = true;
                }

                if (opened[plan])
                {
                    windows.Add(plan, from, at + 1);
                }
                else
                {
                    windows.Open(plan, from, at + 1);
                    opened[plan] = true;
                }
            }

            for (var plan = 0; plan < 3; plan++)
            {
                AssertCovers(windows, opened[plan] ? plan : AttemptWindows.None, place => wanted[plan, place]);
            }
        }
    }

    private static void AssertCovers(AttemptWindows windows, int window, Predicate<int> wanted)
    {
        var covered = new bool[PayloadBytes];
        var last = -1;
        for (; window != AttemptWindows.None; window = windows[window].Next)
        {
            Assert.True(windows[window].From >= last, "windows come in ascending order");
            last = windows[window].From;
            covered.AsSpan(windows[window].From..windows[window].Until).Fill(true);
        }

        Assert.All(Enumerable.Range(0, PayloadBytes), place => Assert.True(covered[place] || !wanted(place)));
    }
}
