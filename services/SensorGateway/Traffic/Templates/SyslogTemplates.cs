namespace SensorGateway.Traffic.Templates;

/// <summary>Log lines as hosts send them, each payload one line or a few.</summary>
internal static class SyslogTemplates
{
    public static string Lines(TemplateDice dice)
    {
        var text = Line(dice) + Live.Marker;
        for (var more = dice.Pick(0, 0, 0, 1, 2); more > 0; more--)
        {
            text += "\n" + Line(dice);
        }

        return text;
    }

    public static string SshBruteForce(TemplateDice dice) =>
        dice.SyslogHeader(38) + $"sshd[{Live.Number(5)}]: Failed password for "
        + dice.Pick("invalid user admin", "invalid user oracle", "root", "invalid user ubnt", "invalid user pi")
        + $" from {dice.OuterAddress()} port {Live.HighNumber} ssh2{Live.Marker}";

    public static string PortScan(TemplateDice dice) =>
        dice.SyslogHeader(4)
            + $"kernel: [{Live.Number(7)}.{Live.Many(Live.Digit, 6)}] DROP IN=eth0 OUT= SRC={dice.OuterAddress()} "
        + $"DST={dice.InnerAddress()} LEN=40 TTL={dice.Between(30, 60)} ID={Live.HighNumber} PROTO=TCP SPT={Live.HighNumber} "
        + $"DPT={dice.Pick(22, 102, 502, 1883, 20000)} WINDOW=1024 RES=0x00 {dice.Pick("URG PSH FIN", "SYN FIN")} URGP=0{Live.Marker}";

    private static string Line(TemplateDice dice) => dice.Between(0, 7) switch
    {
        0 => dice.SyslogHeader(38)
            + $"sshd[{Live.Number(5)}]: Accepted publickey for {dice.User()} from {dice.InnerAddress()} "
            + $"port {Live.HighNumber} ssh2: ED25519 SHA256:{Live.Many(Live.Base62, 43)}",
        1 => dice.SyslogHeader(38)
            + $"sshd[{Live.Number(5)}]: Connection closed by {dice.InnerAddress()} port {Live.HighNumber} [preauth]",
        2 => dice.SyslogHeader(190)
            + $"nginx: {dice.InnerAddress()} - {dice.User()} [20/Nov/2026:1{Live.Digit}:{Live.TensDigit}{Live.Digit}:"
            + $"{Live.TensDigit}{Live.Digit} +0000] \"GET /api/v1/devices/{Live.Number(4)}?unit=si HTTP/1.1\" 200 {Live.Number(4)} \"-\" \"{dice.Agent()}\"",
        3 => dice.SyslogHeader(6)
            + $"kernel: [{Live.Number(7)}.{Live.Many(Live.Digit, 6)}] eth{dice.Between(0, 3)}: link "
            + dice.Pick("up, 1000 Mbps full duplex", "down, carrier lost"),
        4 => dice.SyslogHeader(78)
            + $"cron[{Live.Number(5)}]: ({dice.User()}) CMD (run-parts --report /etc/cron.{dice.Pick("hourly", "daily")})",
        5 => dice.SyslogHeader(4)
            + $"kernel: [{Live.Number(7)}.{Live.Many(Live.Digit, 6)}] ACCEPT IN=eth0 OUT=eth1 SRC={dice.InnerAddress()} "
            + $"DST={dice.InnerAddress()} LEN={Live.Number(3)} TTL=63 ID={Live.HighNumber} DF PROTO=TCP SPT={Live.HighNumber} "
            + $"DPT={dice.Pick(443, 502, 1883, 8883)} WINDOW=64240 RES=0x00 SYN URGP=0",
        6 => dice.SyslogHeader(85)
            + $"sudo[{Live.Number(5)}]:    {dice.User()} : TTY=pts/0 ; PWD=/home ; USER=root ; COMMAND=/bin/systemctl status sensor-agent",
        _ => dice.SyslogHeader(30)
            + $"agent[{Live.Number(5)}]: flow-{dice.Between(1, 999):D4} level=info value={Live.Number(2)}."
            + $"{Live.Many(Live.Digit, 2)} msg=\"{dice.Remark()}\"",
    };
}
