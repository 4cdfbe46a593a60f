using System.Globalization;
using System.Text.Json;

namespace SensorGateway.Configuration.Values;

/// <summary>A whole number with a unit behind it and no space between.</summary>
/// <param name="units">Smallest first, each a multiple of the one before.</param>
internal abstract class UnitKind(params (string Name, long Factor)[] units) : ScalarKind
{
    protected abstract long Min { get; }

    protected abstract long Max { get; }

    /// <summary>A value such as <c>64KiB</c> for messages.</summary>
    protected abstract string Sample { get; }

    protected abstract object Wrap(long amount);

    protected abstract long Unwrap(object value);

    /// <inheritdoc/>
    public override string Bounds => $"{Amount(Min)} to {Amount(Max)}";

    /// <inheritdoc/>
    public override string Text(object value) => Amount(Unwrap(value));

    /// <inheritdoc/>
    public override Reading Parse(string text)
    {
        var digits = text.AsSpan().TrimStart("0123456789");
        var number = text.AsSpan(0, text.Length - digits.Length);
        var unit = digits.ToString();
        if (number.IsEmpty)
        {
            return Reading.Bad($"is {Printable.Quote(text)}", $"use {Expected}");
        }

        if (unit.Length == 0)
        {
            return Reading.Bad($"is {Printable.Short(text)} without a unit", $"write the unit too: {Expected}");
        }

        var factor = Array.Find(units, known => known.Name == unit).Factor;
        if (factor == 0)
        {
            return Reading.Bad(
                $"has the unknown unit {Printable.Quote(unit)}",
                $"use one of {string.Join(", ", units.Select(known => known.Name))}, as in {Sample}");
        }

        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            && amount <= long.MaxValue / factor && amount * factor is var whole && whole >= Min && whole <= Max
            ? Reading.Of(Wrap(whole))
            : Reading.Bad($"is {Printable.Short(text)}", $"use {Bounds}");
    }

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        json.WriteString("pattern", $"^[0-9]+({string.Join('|', units.Select(unit => unit.Name))})$");
    }

    private string Amount(long amount)
    {
        var (name, factor) = amount == 0 ? units[ZeroUnit] : units.Last(unit => amount % unit.Factor == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{amount / factor}{name}");
    }

    /// <summary>Index of the unit that shows zero.</summary>
    protected virtual int ZeroUnit => 0;
}

/// <summary>Bytes: <c>512B</c>, <c>64KiB</c>, <c>16MiB</c>, <c>1GiB</c>. Values are <see cref="long"/>.</summary>
internal sealed class SizeKind(long min, long max) : UnitKind(("B", 1), ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30))
{
    /// <inheritdoc/>
    public override string Expected => "a size such as 64KiB";

    protected override long Min => min;

    protected override long Max => max;

    protected override string Sample => "64KiB";

    protected override object Wrap(long amount) => amount;

    protected override long Unwrap(object value) => (long)value;
}

/// <summary>Times: <c>250us</c>, <c>10ms</c>, <c>1s</c>, <c>5m</c>, <c>1h</c>. Values are <see cref="TimeSpan"/>.</summary>
internal sealed class DurationKind(TimeSpan min, TimeSpan max)
    : UnitKind(("us", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000))
{
    /// <inheritdoc/>
    public override string Expected => "a duration such as 250ms";

    protected override long Min => (long)min.TotalMicroseconds;

    protected override long Max => (long)max.TotalMicroseconds;

    protected override string Sample => "250ms";

    protected override int ZeroUnit => 1; // 0ms: what people write.

    protected override object Wrap(long amount) => TimeSpan.FromMicroseconds(amount);

    protected override long Unwrap(object value) => (long)((TimeSpan)value).TotalMicroseconds;
}
