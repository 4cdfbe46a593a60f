using System.Text;

namespace SensorGateway.Traffic.Templates;

/// <summary>HTTP requests as sensors and people send them.</summary>
internal static class HttpTemplates
{
    public static string Get(TemplateDice dice) => Request(
        dice,
        dice.Pick(
            $"/api/v1/devices/{Live.Number(4)}/temperature?unit={dice.Pick("celsius", "si", "raw")}",
            $"/firmware/check?v=2.{dice.Between(0, 20)}.1&id={Live.Number(4)}",
            $"/search?q={dice.Pick("valve+position", "pump%20speed", "door")}&page={Live.FirstDigit}&sort=name%20asc",
            $"/export/{Live.Many(Live.Hex, 8)}.csv?from=2026-09-0{Live.FirstDigit}&to=2026-10-1{Live.Digit}",
            "/metrics",
            "/index.html?lang=en"),
        dice.Agent());

    public static string Post(TemplateDice dice)
    {
        var body = dice.Pick(0, 0, 0, 1) == 0 ? TelemetryTemplates.Temperature(dice) : TelemetryTemplates.Batch(dice);
        body = body.Replace(Live.Marker.ToString(), string.Empty, StringComparison.Ordinal);
        return Request(dice, dice.Pick("/api/v1/telemetry", "/v2/ingest?batch=1"), dice.Agent(), body);
    }

    /// <summary>One request; with a body it is a POST.</summary>
    /// <param name="dice">Draws the usual headers.</param>
    /// <param name="target">Path and query.</param>
    /// <param name="agent">User-Agent.</param>
    /// <param name="body">Sent as it is.</param>
    /// <param name="contentType">Of the body.</param>
    /// <param name="header">One more header line, without its line break.</param>
    public static string Request(
        TemplateDice dice, string target, string agent, string body = "", string contentType = "application/json",
            string header = "")
    {
        var request = new StringBuilder(body.Length > 0 ? "POST " : "GET ").Append(target).Append(" HTTP/1.1\r\n");
        request.Append("Host: ").Append(dice.Pick("sensors", "portal", "api")).Append(dice.Between(1, 9))
            .Append(".example.net\r\n");
        request.Append("User-Agent: ").Append(agent).Append("\r\n");
        if (dice.Between(0, 1) == 0)
        {
            request.Append("Accept: */*\r\nAccept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\n");
        }

        // The id header comes early, so that the marker behind it survives an alert that shortens the payload.
        request.Append("X-Request-Id: ").Append(Live.Many(Live.Hex, 16)).Append(Live.Marker).Append("\r\n");
        if (header.Length > 0)
        {
            request.Append(header).Append("\r\n");
        }

        if (body.Length > 0)
        {
            request.Append("Content-Type: ").Append(contentType).Append("\r\nContent-Length: ").Append(body.Length)
                .Append("\r\n");
        }

        return request.Append("\r\n").Append(body).ToString();
    }
}
