using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SensorGateway.Nats;

namespace SensorGateway.IntegrationTests.Nats;

/// <summary>Talks to JetStream's own interface: makes streams and looks into them. One request at a time.</summary>
internal sealed class StreamAdmin : IDisposable
{
    private readonly NatsSubscriber _answers;
    private readonly string _inbox = $"_INBOX.{Guid.NewGuid():N}";

    public StreamAdmin(NatsEndpoint endpoint, string? user = null, string? password = null, NatsTlsOptions? tls = null)
    {
        _answers = NatsSubscriber.Connect(endpoint, new NatsCredentials(user, password, null), tls: tls);
        _answers.Subscribe(_inbox);
    }

    /// <summary>Makes a file stream for <c>alerts.&gt;</c>; more members are written as JSON, with a comma first.</summary>
    public void Create(string name, string subjects = "alerts.>", string more = "", string storage = "file")
    {
        using var answer = Ask(
            $"$JS.API.STREAM.CREATE.{name}",
            $$"""{"name":"{{name}}","subjects":["{{subjects}}"],"storage":"{{storage}}","num_replicas":1{{more}}}""");
        Assert.False(answer.RootElement.TryGetProperty("error", out var error), error.ToString());
    }

    /// <summary>Gives a stream other subjects; what it holds stays.</summary>
    public void Update(string name, string subjects)
    {
        using var answer = Ask(
            $"$JS.API.STREAM.UPDATE.{name}",
            $$"""{"name":"{{name}}","subjects":["{{subjects}}"],"storage":"file","num_replicas":1}""");
        Assert.False(answer.RootElement.TryGetProperty("error", out var error), error.ToString());
    }

    /// <summary>The stream with all it holds.</summary>
    public void Delete(string name)
    {
        using var answer = Ask($"$JS.API.STREAM.DELETE.{name}", string.Empty);
        Assert.False(answer.RootElement.TryGetProperty("error", out var error), error.ToString());
    }

    /// <summary>How many messages the stream holds.</summary>
    public long Count(string name)
    {
        using var answer = Ask($"$JS.API.STREAM.INFO.{name}", string.Empty);
        return answer.RootElement.GetProperty("state").GetProperty("messages").GetInt64();
    }

    /// <summary>Headers and payload of one stored message.</summary>
    public (byte[] Headers, byte[] Payload) Message(string name, long sequence)
    {
        using var answer = Ask($"$JS.API.STREAM.MSG.GET.{name}", $$"""{"seq":{{sequence}} }""");
        var message = answer.RootElement.GetProperty("message");
        return (message.GetProperty("hdrs").GetBytesFromBase64(), message.GetProperty("data").GetBytesFromBase64());
    }

    /// <summary>Waits until a restarted server answers for the stream.</summary>
    public static StreamAdmin Reopen(NatsEndpoint endpoint, string name)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var admin = new StreamAdmin(endpoint);
            try
            {
                admin.Count(name);
                return admin;
            }
            catch (Exception problem) when (Stopwatch.GetElapsedTime(start).TotalSeconds < 20 && problem is not OutOfMemoryException)
            {
                admin.Dispose();
                Thread.Sleep(100);
            }
        }
    }

    /// <summary>Has the server send everything that is stored, in the order of the stream, to a subject.</summary>
    public void DeliverAll(string name, string subject)
    {
        using var answer = Ask(
            $"$JS.API.CONSUMER.CREATE.{name}",
            $$"""{"stream_name":"{{name}}","config":{"deliver_subject":"{{subject}}","deliver_policy":"all","ack_policy":"none"} }""");
        Assert.False(answer.RootElement.TryGetProperty("error", out var error), error.ToString());
    }

    /// <summary>The numbers of all stored messages in the order of the stream, read by a consumer without acks.</summary>
    public List<long> Numbers(NatsEndpoint endpoint, string name)
    {
        var expected = Count(name);
        using var reader = NatsSubscriber.Connect(endpoint);
        var inbox = $"{_inbox}.all";
        reader.Subscribe(inbox);
        DeliverAll(name, inbox);
        var numbers = new List<long>();
        while (numbers.Count < expected && reader.TryRead(out var message, TimeSpan.FromSeconds(10)))
        {
            numbers.Add(BinaryPrimitives.ReadInt64BigEndian(message.Payload));
        }

        return numbers;
    }

    public void Dispose() => _answers.Dispose();

    private JsonDocument Ask(string subject, string body)
    {
        _answers.Publish(Encoding.UTF8.GetBytes(subject), _inbox, Encoding.UTF8.GetBytes(body));
        Assert.True(_answers.TryRead(out var message, TimeSpan.FromSeconds(10)), $"no answer from {subject}");
        return JsonDocument.Parse(message.Payload.ToArray());
    }
}
