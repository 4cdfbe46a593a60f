namespace SensorGateway.Tests.Golden;

/// <summary>Pins a machine form: scripts depend on every byte of it.</summary>
/// <remarks>With SENSORGATEWAY_UPDATE_GOLDEN=1 the files are written instead; look at the difference before committing it.</remarks>
internal static class GoldenFile
{
    /// <summary>Fails unless the text is exactly that of <c>Golden/NAME.txt</c>, or of another extension.</summary>
    public static void Verify(string name, string actual, string extension = ".txt")
    {
        var path = Path.Combine(Folder(), name + extension);
        var text = actual.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("SENSORGATEWAY_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"{path} does not exist; run the test once with SENSORGATEWAY_UPDATE_GOLDEN=1 and check what it wrote.");
        Assert.Equal(File.ReadAllText(path), text);
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var golden = Path.Combine(folder.FullName, "tests", "SensorGateway.Tests", "Golden");
            if (Directory.Exists(golden))
            {
                return golden;
            }
        }

        throw new DirectoryNotFoundException("tests/SensorGateway.Tests/Golden is not above the test's own folder; run the tests from a checkout.");
    }
}
