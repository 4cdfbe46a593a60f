using System.Globalization;
using System.Text;

namespace SensorGateway.Pipeline.Detection.Factors;

/// <summary>A few dozen payloads of the kinds that sensors send; tells which byte sequences are common.</summary>
/// <remarks>Only the choice of search keys depends on it, never a result: other traffic is slower, not wrong.</remarks>
internal static class TrafficSample
{
    private const int Rounds = 6;

    private static readonly string[] Templates =
    [
        "{\"ts\":\"2026-09-@@T1@:2@:3@.@@@Z\",\"sensor\":\"temperature-@@@@\",\"type\":\"temperature\",\"value\":2@.@@@,\"unit\":\"C\",\"status\":\"ok\"}",
        "{\"timestamp\": 17@@@@@@@@, \"device_id\": \"dev-####\", \"metrics\": {\"cpu\": 0.@@, \"mem\": @@.@, \"disk\": @@}, \"tags\": [\"site-@\", \"zone-@\"], \"error\": null}",
        "{\"seq\": @@@@@@, \"gps\": [@@.@@@@@@, -@@.@@@@@@], \"rssi\": -@@, \"battery\": @@, \"firmware\": \"v@.@.@\", \"message\": \"reading normal update\", \"enabled\": true, \"user\": \"admin\"}",
        "{\"event\":\"flow\",\"src_ip\":\"10.@@.@@.@\",\"src_port\":@@@@@,\"dest_ip\":\"192.168.@.@@\",\"dest_port\":443,\"proto\":\"TCP\",\"bytes_toserver\":@@@@,\"hash\":\"################\"}",
        "<13@>Sep 2@ 14:@@:@@ node@@ sshd[@@@@@]: Accepted publickey for deploy from 10.@@.@@.@@ port @@@@@ ssh2: RSA SHA256:%%%%%%%%%%%%%%%%",
        "<3@>Sep  @ 0@:@@:@@ gateway kernel: [@@@@@.@@@@@@] eth0: link up, 1000Mbps, full duplex; DROP IN=eth0 OUT= MAC=##:##:##:##:##:## SRC=10.0.@.@@ DST=172.16.@.@ LEN=60 TTL=64 ID=@@@@@ PROTO=TCP SPT=@@@@@ DPT=22 WINDOW=65535 SYN",
        "<29>1 2026-09-21T14:@@:@@.@@@Z host-@@ systemd 1 - - Started Session @@@ of user root. Starting Daily apt download activities... Connection closed by remote host [preauth]",
        "<86>Sep 21 14:@@:@@ node@@ CRON[@@@@]: pam_unix(cron:session): session opened for user root by (uid=0); Failed password for invalid user test from 203.0.113.@@ port @@@@@ ssh2",
        "<190>Sep 21 14:@@:@@ fw@@ %ASA-6-302013: Built outbound TCP connection @@@@@@ for outside:198.51.100.@@/443 (198.51.100.@@/443) to inside:10.@.@.@@/@@@@@ level=info msg=\"request completed\" duration=@@ms",
        "GET /api/v1/sensors/@@@@?from=@@@@@@@@&limit=50&format=json HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/12@.0.0.0 Safari/537.36\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\nCookie: session=%%%%%%%%%%%%%%%%; lang=en\r\nReferer: http://www.example.com/index.php?id=@@\r\n\r\n",
        "POST /login.php HTTP/1.1\r\nHost: 10.0.@.@@:8080\r\nUser-Agent: curl/7.@@.0\r\nAccept: */*\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: @@\r\nCache-Control: no-cache\r\nPragma: no-cache\r\n\r\nusername=user@@&password=%%%%%%%%&token=################&action=submit&page=@",
        "POST /upload HTTP/1.0\r\nHost: localhost\r\nUser-Agent: Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)\r\nContent-Type: multipart/form-data; boundary=----WebKitFormBoundary%%%%%%%%\r\n\r\n------WebKitFormBoundary%%%%%%%%\r\nContent-Disposition: form-data; name=\"file\"; filename=\"report.txt\"\r\nContent-Type: text/plain\r\n\r\n",
        "HTTP/1.1 200 OK\r\nServer: nginx/1.2@.@\r\nDate: Mon, 21 Sep 2026 14:@@:@@ GMT\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\nVary: Accept-Encoding\r\nX-Request-Id: ########-####-####-####-############\r\nSet-Cookie: id=%%%%%%; path=/; HttpOnly\r\n\r\n<!DOCTYPE html><html><head><title>Home page</title><meta charset=\"utf-8\"><link rel=\"stylesheet\" href=\"/css/style.css\"></head><body><div class=\"content\"><p>Welcome back</p></div><script src=\"/js/app.js\"></script></body></html>",
        "203.0.113.@@ - - [21/Sep/2026:14:@@:@@ +0000] \"GET /images/logo.png?v=@@ HTTP/1.1\" 200 @@@@ \"https://www.example.org/about.html\" \"Mozilla/5.0 (X11; Linux x86_64; rv:12@.0) Gecko/20100101 Firefox/12@.0\"",
        "\x10\x2f\0\u0004MQTT\u0004\xC2\0<\0\u0010client-########\0\u0004user\0\u0006secret\x30\x1e\0\u0012sensors/@@/humidity{\"v\":@@.@}\x82\u0009\0\u0001\0\u0004cmd/\u0001\xC0\0\xD0\0",
        "\0\u0001\0\0\0\u0006\u0001\u0003\0\0\0\u000A\0\u0002\0\0\0\u0005\u0001\u0003\u0002\u0000\u00ff\0\0\0\0\u0011\u0010\u0001\u0000\u0004\u0001\u00f4",
        "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03########\0\0\x20\0\x1e\xc0\x2b\xc0\x2f\xc0\x2c\xc0\x30\0\x9c\0\x9d\0/\05\0\x0a\x01\0\0\x8d\0\0\0\x12\0\x10\0\0\x0dwww.example.net\0\x0b\0\u0004\u0003\0\u0001\u0002",
        "heartbeat seq=@@@@@@ host=node-@@ uptime=@@@@@@s load=0.@@ 0.@@ 0.@@ status=running",
        "id=1&name=test&search=hello+world&category=books&sort=price&order=asc&q=%20the%20quick%20brown%20fox&redirect=/home&file=index.html&cmd=list",
        "Sep 21 14:@@:@@ mail postfix/smtpd[@@@@]: connect from unknown[198.51.100.@@]; from=<alice@example.com> to=<bob@example.com> proto=ESMTP helo=<mx.example.com>; warning: could not open file /var/log/auth.log: no such file or directory",
    ];

    /// <summary>The payloads, the same at every start.</summary>
    public static List<byte[]> Payloads()
    {
        var random = new Random(20260921); // Fills in digits; nothing secret comes from it.
        var payloads = new List<byte[]>();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var template in Templates)
            {
                payloads.Add(Encoding.Latin1.GetBytes(FillIn(template, random)));
            }
        }

        return payloads;
    }

    /// <summary>@ becomes a digit, # a hex digit, % a base64 character (only where it stands in a run).</summary>
    private static string FillIn(string template, Random random)
    {
        const string base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var text = new StringBuilder(template);
        for (var i = 0; i < text.Length; i++)
        {
            var runs = i + 1 < text.Length && text[i + 1] == text[i] || i > 0 && template[i - 1] == text[i];
#pragma warning disable CA5394 // Sample text, no secret.
            text[i] = text[i] switch
            {
                '@' when !char.IsAsciiLetter(text[Math.Max(0, i - 1)]) => random.Next(10).ToString(CultureInfo.InvariantCulture)[0],
                '#' => "0123456789abcdef"[random.Next(16)],
                '%' when runs => base64[random.Next(base64.Length)],
                _ => text[i],
            };
#pragma warning restore CA5394
        }

        return text.ToString();
    }
}
