using System.Diagnostics;
using SensorGateway.TestKit;

namespace SensorGateway.IntegrationTests.Cli;

/// <summary>The README's commands about rules, run as it shows them, on the files that it shows.</summary>
public sealed class ReadmeCommandTests
{
    [Fact]
    public async Task RuleCommands_OnTheRulesShown_DoWhatIsPromised()
    {
        var blocks = Documentation.Blocks("README.md");
        var folder = Directory.CreateTempSubdirectory("sensor-gateway-readme-");
        try
        {
            Write("rules.yaml", Single("yaml", "rules:\n  - id: web.xss.script-tag"));
            Write("rules.test.yaml", Single("yaml", "tests:"));
            var program = Path.Combine(AppContext.BaseDirectory, "sensor-gateway.dll");
            var script = $"set -euo pipefail\nsensor-gateway() {{ dotnet '{program}' \"$@\"; }}\n{Single("bash", "sensor-gateway check rules.yaml")}";
            using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var error = bash.StandardError.ReadToEndAsync();
            var output = await bash.StandardOutput.ReadToEndAsync();
            await bash.WaitForExitAsync();

            Assert.Equal((0, ""), (bash.ExitCode, await error));
            Assert.Contains("ok   rules: 1 rules", output, StringComparison.Ordinal);
            Assert.Contains("ok: 5 examples and tests hold.", output, StringComparison.Ordinal);
            Assert.Contains("1 of 1 payloads matched.", output, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(folder.FullName, "results.xml")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        string Single(string language, string beginning) => Assert.Single(
            blocks, block => block.Language == language && block.Text.StartsWith(beginning, StringComparison.Ordinal)).Text;

        void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);
    }
}
