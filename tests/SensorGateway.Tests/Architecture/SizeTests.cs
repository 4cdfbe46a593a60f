namespace SensorGateway.Tests.Architecture;

/// <summary>Files and folders that a reader can take in at one go.</summary>
public sealed class SizeTests
{
    private const int LinesMax = 300;
    private const int FilesMax = 14;

    [Fact]
    public void SourceFiles_AreShort()
    {
        var offences = Sources()
            .Select(file => (Name: Repository.NameOf(file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > LinesMax)
            .Select(file => $"{file.Name} has {file.Lines} lines; split it, {LinesMax} are enough");

        Assert.True(!offences.Any(), string.Join('\n', offences));
    }

    [Fact]
    public void Folders_HoldFewFiles()
    {
        var offences = Sources()
            .GroupBy(file => Path.GetDirectoryName(file)!)
            .Where(folder => folder.Count() > FilesMax)
            .Select(folder => $"{Repository.NameOf(folder.Key)} holds {folder.Count()} files; split it into rooms with names");

        Assert.True(!offences.Any(), string.Join('\n', offences));
    }

    private static IEnumerable<string> Sources() => Repository.SourcesIn(Path.Combine(Repository.Root, "services"));
}
