using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SensorGateway.Rules.Yaml;

/// <summary>The library's parser, throwing only <see cref="YamlException"/>: on some damaged texts its scanner throws others.</summary>
internal sealed class SteadyParser(string text) : IParser
{
    private readonly Scanner _scanner = new(new StringReader(text), skipComments: true);
    private Parser? _parser;

    public ParsingEvent? Current => _parser?.Current;

    public bool MoveNext()
    {
        _parser ??= new Parser(_scanner);
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception fault) when (fault is not (YamlException or OutOfMemoryException))
        {
            throw new SyntaxErrorException(
                _scanner.CurrentPosition, _scanner.CurrentPosition, "found characters that fit nowhere");
        }
    }
}
