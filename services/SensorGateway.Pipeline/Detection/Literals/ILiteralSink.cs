namespace SensorGateway.Pipeline.Detection.Literals;

/// <summary>Takes the literals that a scan found. A struct where it matters, so that calls are direct.</summary>
internal interface ILiteralSink
{
    /// <summary>
    /// The literal stands at <paramref name="start"/>. Called for each occurrence found, ascending per literal, until it is
    /// settled.
    /// </summary>
    void Found(int literal, int start);

    /// <summary>True when nothing more is to be learned of this payload from the literal's further places.</summary>
    bool IsSettled(int literal);
}
