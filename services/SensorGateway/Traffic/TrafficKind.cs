namespace SensorGateway.Traffic;

/// <summary>What a generated payload is. Kinds from <see cref="XssScriptTag"/> on are malicious.</summary>
public enum TrafficKind : byte
{
    /// <summary>JSON reading of a temperature sensor.</summary>
    Temperature,

    /// <summary>JSON reading of a vibration sensor.</summary>
    Vibration,

    /// <summary>JSON reading of a power meter.</summary>
    PowerMeter,

    /// <summary>Several readings in one payload, up to 4 KB.</summary>
    TelemetryBatch,

    /// <summary>The same small JSON again and again.</summary>
    Heartbeat,

    /// <summary>sshd, cron, kernel, nginx and firewall lines.</summary>
    Syslog,

    /// <summary>GET with headers and a query.</summary>
    HttpGet,

    /// <summary>POST with a JSON body.</summary>
    HttpPost,

    /// <summary>Modbus/TCP reads and writes, requests and answers.</summary>
    Modbus,

    /// <summary>DNP3 polls and answers.</summary>
    Dnp3,

    /// <summary>MQTT CONNECT and PUBLISH packets.</summary>
    Mqtt,

    /// <summary>Cross-site scripting with a script tag.</summary>
    XssScriptTag,

    /// <summary>Cross-site scripting with an event handler.</summary>
    XssEventHandler,

    /// <summary>SQL injection with UNION SELECT.</summary>
    SqlUnion,

    /// <summary>SQL injection with a condition that is always true.</summary>
    SqlTautology,

    /// <summary>Steps up the directory tree to an account file.</summary>
    PathTraversal,

    /// <summary>Shell command behind a parameter.</summary>
    CommandInjection,

    /// <summary>JNDI lookup in a header.</summary>
    Log4Shell,

    /// <summary>Server-side template injection.</summary>
    TemplateInjection,

    /// <summary>XML with an external entity.</summary>
    XmlExternalEntity,

    /// <summary>Password guessing seen by sshd.</summary>
    SshBruteForce,

    /// <summary>Modbus single coil forced.</summary>
    ModbusForceCoil,

    /// <summary>Modbus write to the safety range.</summary>
    ModbusSafetyWrite,

    /// <summary>DNP3 restart.</summary>
    Dnp3Restart,

    /// <summary>Cloud access key in telemetry.</summary>
    LeakedAccessKey,

    /// <summary>Private key in a POST.</summary>
    LeakedPrivateKey,

    /// <summary>Miner logs in to a pool.</summary>
    MinerLogin,

    /// <summary>Scanner that names itself.</summary>
    ScannerAgent,

    /// <summary>Firewall saw a packet with odd flags.</summary>
    PortScan,

    /// <summary>Implant hides its report in a cookie.</summary>
    BeaconCookie,

    /// <summary>Implant reports in with JSON.</summary>
    BeaconCheckIn,

    /// <summary>Bot fetches a program and runs it.</summary>
    BotDropper,
}
