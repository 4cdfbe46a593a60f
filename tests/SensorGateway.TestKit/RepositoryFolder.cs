namespace SensorGateway.TestKit;

/// <summary>The repository that the tests were built in.</summary>
public static class RepositoryFolder
{
    /// <summary>Its root, or null when the build was moved out of it.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SensorGateway.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    /// <summary>Its root.</summary>
    /// <exception cref="DirectoryNotFoundException">The build was moved out of it.</exception>
    public static string Root => Find()
        ?? throw new DirectoryNotFoundException("Run the tests from a build inside the repository: they read its files.");
}
