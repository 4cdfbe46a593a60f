using SensorGateway.Pipeline.Ring;

namespace SensorGateway.Tests.Ring;

/// <summary>Random writes, reads, put-backs and releases against a plain queue, on rings so small that wraps abound.</summary>
public sealed class EventRingModelTests
{
    private const int Steps = 1_500;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Ring_OnRandomSteps_BehavesLikeAQueue(int producers)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            new Model(producers, seed).Run();
        }
    }

    private sealed class Model(int producers, int seed)
    {
        private readonly EventRing _ring = EventRing.Create(4096, producers);
        private readonly Random _random = new(seed);
        private readonly Queue<byte[]> _unpublished = new();
        private readonly Queue<byte[]> _waiting = new();
        private readonly Stack<byte[]> _read = new();
        private bool _mayPutBack;

        public void Run()
        {
            for (var step = 0; step < Steps; step++)
            {
                switch (_random.Next(10))
                {
                    case < 4:
                        Write(step);
                        break;
                    case < 5:
                        Publish();
                        break;
                    case < 8:
                        Read();
                        break;
                    case < 9:
                        PutBack();
                        break;
                    default:
                        Release();
                        break;
                }

                Assert.Equal(_waiting.Count + _read.Count, _ring.Reader.Depth);
            }

            Publish();
            while (_waiting.Count > 0)
            {
                Read();
            }

            Assert.False(_ring.Reader.TryRead(out _));
            Release();
            Assert.Equal(0, _ring.Reader.UsedBytes);
        }

        private void Write(int step)
        {
            var max = _ring.Writers[0].PayloadBytesMax;
            var bytes = _random.Next(8) switch
            {
                0 => 0,
                1 => max,
                2 => _random.Next(max + 1),
                _ => _random.Next(200),
            };
            var writer = _ring.Writers[_random.Next(producers)];
            var mustFit = writer.HasRoomFor(bytes) || _unpublished.Count + _waiting.Count + _read.Count == 0;
            if (!writer.TryClaim(bytes, out var lease))
            {
                Assert.False(mustFit, $"seed {seed}, step {step}: {bytes} bytes refused");
                return;
            }

            var payload = Records.Bytes(bytes, step);
            payload.CopyTo(lease.Payload);
            writer.Commit(lease);

            // A single producer's records are seen from Publish on, those of several from Commit on.
            (producers == 1 ? _unpublished : _waiting).Enqueue(payload);
        }

        private void Publish()
        {
            _ring.Writers[0].Publish();
            while (_unpublished.TryDequeue(out var payload))
            {
                _waiting.Enqueue(payload);
            }
        }

        private void Read()
        {
            var read = _ring.Reader.Read();
            Assert.Equal(_waiting.TryDequeue(out var expected) ? expected : null, read);
            if (read is not null)
            {
                _read.Push(read);
                _mayPutBack = true;
            }
        }

        private void PutBack()
        {
            if (_mayPutBack)
            {
                _ring.Reader.PutBack();
                var rest = _waiting.ToArray();
                _waiting.Clear();
                _waiting.Enqueue(_read.Pop());
                foreach (var payload in rest)
                {
                    _waiting.Enqueue(payload);
                }

                _mayPutBack = false;
            }
        }

        private void Release()
        {
            _ring.Reader.Release();
            _read.Clear();
            _mayPutBack = false;
        }
    }
}
