using SensorGateway.Traffic.Templates;
using static SensorGateway.Traffic.TrafficKind;

namespace SensorGateway.Traffic;

/// <summary>All templates of one seed; a kind's share of the pool is its share of the traffic.</summary>
internal static class TrafficPool
{
    /// <summary>Templates of harmless traffic; shares out of 400.</summary>
    public static PayloadTemplate[] Benign(TemplateDice dice) =>
    [
        .. Render(dice, Temperature, 70, TelemetryTemplates.Temperature),
        .. Render(dice, Vibration, 28, TelemetryTemplates.Vibration),
        .. Render(dice, PowerMeter, 36, TelemetryTemplates.PowerMeter),
        .. Render(dice, TelemetryBatch, 10, TelemetryTemplates.Batch),
        .. Render(dice, Heartbeat, 24, TelemetryTemplates.Heartbeat),
        .. Render(dice, Syslog, 96, SyslogTemplates.Lines),
        .. Render(dice, HttpGet, 48, HttpTemplates.Get),
        .. Render(dice, HttpPost, 24, HttpTemplates.Post),
        .. Render(dice, Modbus, 24, FieldbusTemplates.Modbus),
        .. Render(dice, Dnp3, 12, FieldbusTemplates.Dnp3),
        .. Render(dice, Mqtt, 28, FieldbusTemplates.Mqtt),
    ];

    /// <summary>Templates of malicious traffic, as many of each kind.</summary>
    public static PayloadTemplate[] Malicious(TemplateDice dice)
    {
        const int each = 8;
        return
        [
            .. Render(dice, XssScriptTag, each, AttackTemplates.XssScriptTag),
            .. Render(dice, XssEventHandler, each, AttackTemplates.XssEventHandler),
            .. Render(dice, SqlUnion, each, AttackTemplates.SqlUnion),
            .. Render(dice, SqlTautology, each, AttackTemplates.SqlTautology),
            .. Render(dice, PathTraversal, each, AttackTemplates.PathTraversal),
            .. Render(dice, CommandInjection, each, AttackTemplates.CommandInjection),
            .. Render(dice, Log4Shell, each, AttackTemplates.Log4Shell),
            .. Render(dice, TemplateInjection, each, AttackTemplates.TemplateInjection),
            .. Render(dice, XmlExternalEntity, each, AttackTemplates.XmlExternalEntity),
            .. Render(dice, SshBruteForce, each, SyslogTemplates.SshBruteForce),
            .. Render(dice, ModbusForceCoil, each, FieldbusTemplates.ForceCoil),
            .. Render(dice, ModbusSafetyWrite, each, FieldbusTemplates.SafetyWrite),
            .. Render(dice, Dnp3Restart, each, FieldbusTemplates.Dnp3Restart),
            .. Render(dice, LeakedAccessKey, each, AttackTemplates.LeakedAccessKey),
            .. Render(dice, LeakedPrivateKey, each, AttackTemplates.LeakedPrivateKey),
            .. Render(dice, MinerLogin, each, AttackTemplates.MinerLogin),
            .. Render(dice, ScannerAgent, each, AttackTemplates.ScannerAgent),
            .. Render(dice, PortScan, each, SyslogTemplates.PortScan),
            .. Render(dice, BeaconCookie, each, AttackTemplates.BeaconCookie),
            .. Render(dice, BeaconCheckIn, each, AttackTemplates.BeaconCheckIn),
            .. Render(dice, BotDropper, each, AttackTemplates.BotDropper),
        ];
    }

    private static IEnumerable<PayloadTemplate> Render(TemplateDice dice, TrafficKind kind, int count,
        Func<TemplateDice, string> render)
    {
        for (var i = 0; i < count; i++)
        {
            yield return PayloadTemplate.Parse(kind, render(dice));
        }
    }
}
