namespace SensorGateway.Configuration;

/// <summary>Says in few words why a file could not be used; the framework's messages repeat whole paths.</summary>
internal static class FileFailure
{
    public static string Reason(Exception failure) => failure switch
    {
        FileNotFoundException => "no such file",
        DirectoryNotFoundException => "no such folder",
        UnauthorizedAccessException => "permission denied, or it is a folder",
        PathTooLongException => "the path is too long",
        ArgumentException or NotSupportedException => "not a path",
        _ => failure.Message.TrimEnd('.'),
    };
}
