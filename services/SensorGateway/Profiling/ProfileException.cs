namespace SensorGateway.Profiling;

/// <summary>A profile could not be taken or read; the message says why and what to do.</summary>
internal sealed class ProfileException(string message, Exception? cause = null) : Exception(message, cause);
