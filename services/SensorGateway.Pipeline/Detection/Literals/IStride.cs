namespace SensorGateway.Pipeline.Detection.Literals;

/// <summary>A number of positions as a type, so that inner loops are compiled for it.</summary>
internal interface IStride
{
    /// <summary>Positions from one probe to the next.</summary>
    static abstract int Positions { get; }
}

/// <summary>Every position.</summary>
internal readonly struct EveryPosition : IStride
{
    public static int Positions => 1;
}

/// <summary>Every second position.</summary>
internal readonly struct EverySecond : IStride
{
    public static int Positions => 2;
}

/// <summary>Every fourth position.</summary>
internal readonly struct EveryFourth : IStride
{
    public static int Positions => 4;
}
