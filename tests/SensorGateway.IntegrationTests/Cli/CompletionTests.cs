using System.Diagnostics;

namespace SensorGateway.IntegrationTests.Cli;

/// <summary>The completion script, run by bash itself.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("sensor-gateway che", "check")]
    [InlineData("sensor-gateway config s", "schema show")]
    [InlineData("sensor-gateway config show --d", "--diff-profile")]
    [InlineData("sensor-gateway test --ju", "--junit")]
    [InlineData("sensor-gateway test rules/ --js", "--json")]
    [InlineData("sensor-gateway completion ", "--help bash")]
    [InlineData("sensor-gateway check rul", "")]
    public void Script_InBash_Completes(string line, string expected)
    {
        var script = GatewayCommand.Run(Path.GetTempPath(), "completion", "bash");
        Assert.Equal((0, ""), (script.ExitCode, script.Error));

        var words = string.Join(' ', line.Split(' ').Select(word => $"'{word}'"));
        var answer = Bash(
            $"set -eu\n{script.Out}\nCOMP_WORDS=({words})\nCOMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))\n_sensor_gateway || true\n"
            + "complete -p sensor-gateway > /dev/null\nprintf '%s\\n' \"${COMPREPLY[@]-}\" | LC_ALL=C sort | xargs");

        Assert.Equal(expected, answer.Trim());
    }

    private static string Bash(string text)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-s"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        bash.StandardInput.Write(text);
        bash.StandardInput.Close();
        var output = bash.StandardOutput.ReadToEnd();
        var error = bash.StandardError.ReadToEnd();
        bash.WaitForExit();
        Assert.Equal((0, ""), (bash.ExitCode, error));
        return output;
    }
}
