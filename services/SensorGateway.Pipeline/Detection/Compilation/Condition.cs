namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>Truth of terms for one payload.</summary>
internal interface ITermStates
{
    bool IsTrue(int term);

    /// <summary>True also for a term that could not be decided in time.</summary>
    bool MayBeTrue(int term);
}

/// <summary>A rule's any/all/not tree over numbered terms. Immutable.</summary>
internal abstract class Condition
{
    /// <summary>
    /// Whether it holds; undecided terms count as false, under a not as true, so that no alert rests on them.
    /// </summary>
    /// <param name="terms">What the stages found.</param>
    /// <param name="undecided">What an undecided term counts as here.</param>
    public abstract bool Holds<TStates>(TStates terms, bool undecided = false)
        where TStates : ITermStates;

    internal sealed class Term(int number) : Condition
    {
        public override bool Holds<TStates>(TStates terms, bool undecided) =>
            undecided ? terms.MayBeTrue(number) : terms.IsTrue(number);
    }

    internal sealed class Not(Condition child) : Condition
    {
        public override bool Holds<TStates>(TStates terms, bool undecided) => !child.Holds(terms, !undecided);
    }

    internal sealed class Any(Condition[] children) : Condition
    {
        public override bool Holds<TStates>(TStates terms, bool undecided)
        {
            foreach (var child in children)
            {
                if (child.Holds(terms, undecided))
                {
                    return true;
                }
            }

            return false;
        }
    }

    internal sealed class All(Condition[] children) : Condition
    {
        public override bool Holds<TStates>(TStates terms, bool undecided)
        {
            foreach (var child in children)
            {
                if (!child.Holds(terms, undecided))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
