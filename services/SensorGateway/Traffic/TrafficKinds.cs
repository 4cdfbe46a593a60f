using System.Collections.Immutable;

namespace SensorGateway.Traffic;

/// <summary>What is known about each <see cref="TrafficKind"/>.</summary>
public static class TrafficKinds
{
    private static readonly ImmutableArray<string>[] RuleIdsByKind = BuildRuleIds();

    /// <summary>All kinds, benign first.</summary>
    public static ImmutableArray<TrafficKind> All { get; } = [.. Enum.GetValues<TrafficKind>()];

    /// <summary>True when the bundled rules must alert on every payload of this kind.</summary>
    public static bool IsMalicious(TrafficKind kind) => kind >= TrafficKind.XssScriptTag;

    /// <summary>Rules of the bundled pack that every payload of this kind triggers, others aside. Empty when benign.</summary>
    public static ImmutableArray<string> RuleIds(TrafficKind kind) => RuleIdsByKind[(int)kind];

    private static ImmutableArray<string>[] BuildRuleIds()
    {
        var ids = new ImmutableArray<string>[Enum.GetValues<TrafficKind>().Length];
        for (var kind = 0; kind < ids.Length; kind++)
        {
            ids[kind] = OfKind((TrafficKind)kind);
        }

        return ids;
    }

    private static ImmutableArray<string> OfKind(TrafficKind kind) => kind switch
    {
        TrafficKind.XssScriptTag => ["web.xss.script-tag"],
        TrafficKind.XssEventHandler => ["web.xss.event-handler"],
        TrafficKind.SqlUnion => ["injection.sql.union-select"],
        TrafficKind.SqlTautology => ["injection.sql.tautology"],
        TrafficKind.PathTraversal => ["web.traversal.dotdot", "web.traversal.unix-account-files"],
        TrafficKind.CommandInjection => ["injection.command.chained"],
        TrafficKind.Log4Shell => ["injection.log4shell.jndi"],
        TrafficKind.TemplateInjection => ["injection.template.arithmetic-probe"],
        TrafficKind.XmlExternalEntity => ["injection.xml.external-entity"],
        TrafficKind.SshBruteForce => ["auth.ssh.failed-password"],
        TrafficKind.ModbusForceCoil => ["fieldbus.modbus.force-coil"],
        TrafficKind.ModbusSafetyWrite => ["fieldbus.modbus.write-safety-register"],
        TrafficKind.Dnp3Restart => ["fieldbus.dnp3.restart"],
        TrafficKind.LeakedAccessKey => ["secrets.aws.access-key"],
        TrafficKind.LeakedPrivateKey => ["secrets.key.private-pem"],
        TrafficKind.MinerLogin => ["malware.miner.stratum-login"],
        TrafficKind.ScannerAgent => ["recon.agent.scanner"],
        TrafficKind.PortScan => ["recon.firewall.odd-flags"],
        TrafficKind.BeaconCookie => ["malware.c2.beacon-cookie"],
        TrafficKind.BeaconCheckIn => ["malware.c2.check-in"],
        TrafficKind.BotDropper => ["malware.dropper.fetch-and-run"],
        _ => [],
    };
}
