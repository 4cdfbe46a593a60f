namespace SensorGateway.TestKit;

/// <summary>A fenced block of a Markdown file.</summary>
/// <param name="Language">The word after the fence; may be empty.</param>
/// <param name="Text">Its lines.</param>
/// <param name="Line">Line of the fence, from 1.</param>
public sealed record FencedBlock(string Language, string Text, int Line);

/// <summary>The documents of this repository, for tests that hold them to the code.</summary>
public static class Documentation
{
    /// <summary>Text of a document, by its path from the repository's root.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(RepositoryFolder.Root, path));

    /// <summary>All fenced blocks of a document.</summary>
    public static IReadOnlyList<FencedBlock> Blocks(string path)
    {
        var blocks = new List<FencedBlock>();
        var lines = Read(path).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.FindIndex(lines, i + 1, line => line == "```");
            blocks.Add(new FencedBlock(lines[i][3..], string.Join('\n', lines[(i + 1)..end]) + "\n", i + 1));
            i = end;
        }

        return blocks;
    }
}
