namespace SensorGateway.Traffic.Templates;

/// <summary>Binary frames of field buses, benign and malicious. A marker goes behind the last frame.</summary>
internal static class FieldbusTemplates
{
    private const int PayloadBytesMin = 64;

    public static string Modbus(TemplateDice dice) => dice.Between(0, 3) switch
    {
        0 => Fill(() => ModbusFrame(dice, $"\u0003{Live.LowByte}{Live.AnyByte}\0{(char)dice.Between(1, 125)}")),
        1 => ModbusRegisters(dice, (char)dice.Pick(3, 4), dice.Between(28, 125)),
        2 => ModbusWriteRegisters(dice, dice.Between(26, 100)),
        _ => Fill(() => ModbusFrame(dice, $"\u0006{Live.LowByte}{Live.AnyByte}{Live.LowByte}{Live.AnyByte}")),
    };

    public static string ForceCoil(TemplateDice dice)
    {
        var force = ModbusFrame(dice, $"\u0005\0{Live.AnyByte}{dice.Pick('\u00ff', '\0')}\0");
        return force + ModbusRegisters(dice, '\u0003', dice.Between(28, 60));
    }

    public static string SafetyWrite(TemplateDice dice) =>
        ModbusFrame(dice, $"\u0006{(char)dice.Between(0xF0, 0xFF)}{Live.AnyByte}\0\0")
            + ModbusRegisters(dice, '\u0003', dice.Between(28, 60));

    public static string Dnp3(TemplateDice dice) => dice.Between(0, 1) == 0
        ? Fill(() => Dnp3Frame(dice, 0xC4, $"\u0001\u003c{(char)dice.Between(1, 4)}\u0006"))
        : Dnp3Frame(dice, 0x44, $"\u0081\0\0\u001e\u0002\u0000\0\u0014"
            + Live.Many(Live.AnyByte, dice.Between(60, 180)));

    public static string Dnp3Restart(TemplateDice dice) =>
        Dnp3Frame(dice, 0xC4, dice.Pick("\u000d", "\u000e"))
            + Fill(() => Dnp3Frame(dice, 0xC4, "\u0001\u003c\u0002\u0006"));

    public static string Mqtt(TemplateDice dice) => dice.Between(0, 3) == 0 ? MqttConnect(dice) : MqttPublish(dice);

    private static string MqttConnect(TemplateDice dice) => Packet(
        '\u0010',
        Counted("MQTT") + "\u0004\u00c2\0\u003c"
            + Counted($"edge-client-{dice.Between(1, 400):D4}-{Live.Many(Live.Hex, 16)}")
        + Counted($"line{dice.Between(1, 9)}") + Counted(Live.Many(Live.Base62, 20)));

    private static string MqttPublish(TemplateDice dice)
    {
        var body = dice.Between(0, 2) == 0 ? Live.Many(Live.AnyByte, dice.Between(60, 240))
            : TelemetryTemplates.Temperature(dice);
        body = body.Replace(Live.Marker.ToString(), string.Empty, StringComparison.Ordinal);
        return Packet('0', Counted($"site/{dice.Between(1, 20)}/flow/sensor-{dice.Between(1, 999):D4}/state") + body);
    }

    private static string ModbusRegisters(TemplateDice dice, char function, int registers) =>
        ModbusFrame(dice, function + $"{(char)(2 * registers)}" + Values(registers));

    private static string ModbusWriteRegisters(TemplateDice dice, int registers) =>
        ModbusFrame(dice, $"\u0010{Live.LowByte}{Live.AnyByte}\0{(char)registers}{(char)(2 * registers)}"
            + Values(registers));

    private static string Values(int registers) =>
        string.Concat(Enumerable.Repeat($"{Live.LowByte}{Live.AnyByte}", registers));

    /// <summary>Transaction, protocol 0, length, unit, then function and data.</summary>
    private static string ModbusFrame(TemplateDice dice, string pdu)
    {
        var length = pdu.Length + 1;
        return $"{Live.AnyByte}{Live.AnyByte}\0\0{(char)(length >> 8)}{(char)(length & 0xFF)}{(char)dice.Between(1, 40)}{pdu}";
    }

    /// <summary>Link header, transport and application octets, data; the checksums are live bytes, nobody verifies them.</summary>
    private static string Dnp3Frame(TemplateDice dice, int control, string application)
    {
        var length = Math.Min(255, 7 + application.Length);
        return $"\u0005\u0064{(char)length}{(char)control}{(char)dice.Between(1, 60)}\0\u0001\0{Live.AnyByte}{Live.AnyByte}"
            + $"\u00c0{(char)(0xC0 + dice.Between(0, 15))}" + application + Live.AnyByte + Live.AnyByte;
    }

    private static string Fill(Func<string> frame)
    {
        var text = frame();
        while (text.Length < PayloadBytesMin)
        {
            text += frame();
        }

        return text;
    }

    private static string Counted(string text) => $"{(char)(text.Length >> 8)}{(char)(text.Length & 0xFF)}{text}";

    /// <summary>Fixed header with the remaining length in groups of seven bits.</summary>
    private static string Packet(char type, string rest)
    {
        var header = type.ToString();
        for (var left = rest.Length; ; left >>= 7)
        {
            if (left < 0x80)
            {
                return header + (char)left + rest;
            }

            header += (char)(left & 0x7F | 0x80);
        }
    }
}
