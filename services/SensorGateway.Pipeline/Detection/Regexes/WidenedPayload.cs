using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Regexes;

/// <summary>
/// The payload as characters, made only when a regex must run and at most once per payload. Owner: one detector.
/// </summary>
internal sealed class WidenedPayload
{
    private char[] _chars = new char[64 * 1024];
    private bool _isCurrent;

    /// <summary>Forgets the payload before.</summary>
    public void Reset() => _isCurrent = false;

    /// <summary>The payload's characters; valid until the next Reset.</summary>
    public ReadOnlySpan<char> Of(ReadOnlySpan<byte> payload)
    {
        if (!_isCurrent)
        {
            if (_chars.Length < payload.Length)
            {
                _chars = new char[payload.Length];
            }

            ByteText.Widen(payload, _chars);
            _isCurrent = true;
        }

        return _chars.AsSpan(0, payload.Length);
    }
}
