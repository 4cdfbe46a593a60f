using SensorGateway.Pipeline.Spooling.Files;

namespace SensorGateway.Tests.Spooling;

/// <summary>A folder in memory that can be full, fail, and lose or tear at a crash whatever was not synced.</summary>
internal sealed class MemoryFiles : ISpoolFiles
{
    private const int PageBytes = 4096;
    private const int SectorBytes = 512;

    private readonly List<Action<Dictionary<string, Stored>>> _unsyncedNames = [];
    private Dictionary<string, Stored> _durableNames = new(StringComparer.Ordinal);
    private Dictionary<string, Stored> _names = new(StringComparer.Ordinal);

    /// <summary>Bytes that all files together may take, reserved ones included.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Every call fails, as on a disk that is gone.</summary>
    public bool Fails { get; set; }

    /// <summary>How many more times a file of this name refuses to be opened for reading; none by default.</summary>
    public Dictionary<string, int> Unreadable { get; } = new(StringComparer.Ordinal);

    /// <summary>Syncs fail.</summary>
    public bool SyncFails { get; set; }

    /// <summary>Writes fail after a part of their bytes, as this says for their number; null for whole ones.</summary>
    public Func<int, int>? Tears { get; set; }

    /// <summary>While it is not set, writes and syncs neither return nor fail, as on a network disk that is gone.</summary>
    public ManualResetEventSlim Answers { get; } = new(true);

    public int Syncs { get; private set; }

    public long Writes { get; private set; }

    public IEnumerable<string> Names => _names.Keys.Order(StringComparer.Ordinal);

    public byte[] this[string name]
    {
        get => _names[name].Current;
        set
        {
            _names[name] = new Stored { Current = value, Durable = value };
            _durableNames[name] = _names[name];
        }
    }

    /// <summary>Bytes that the files of these names take on the disk, reserved ones included.</summary>
    public long BytesOf(Func<string, bool> names) =>
        _names.Where(pair => names(pair.Key)).Sum(static pair => Math.Max(pair.Value.Reserved, pair.Value.Length));

    /// <summary>A bit of a file turns over, on the disk and for whoever reads it from now on.</summary>
    public void Rot(string name, int offset, int bit)
    {
        var stored = _names[name];
        stored.Bytes[offset] ^= (byte)(1 << bit);
        if (offset < stored.Durable.Length && !ReferenceEquals(stored.Durable, stored.Bytes))
        {
            stored.Durable[offset] ^= (byte)(1 << bit);
        }
    }

    /// <summary>Removes a file for good.</summary>
    public void Lose(string name)
    {
        _names.Remove(name);
        _durableNames.Remove(name);
    }

    /// <summary>The machine loses power: of what was not synced, any pages, parts of pages and names are lost.</summary>
    public void Crash(Random random)
    {
        foreach (var change in _unsyncedNames.Take(random.Next(_unsyncedNames.Count + 1)))
        {
            change(_durableNames);
        }

        foreach (var file in _durableNames.Values.Distinct())
        {
            file.Crash(random);
        }

        _unsyncedNames.Clear();
        _names = new Dictionary<string, Stored>(_durableNames, StringComparer.Ordinal);
        (Fails, SyncFails, Capacity, Tears) = (false, false, long.MaxValue, null);
    }

    public void Prepare() => Check();

    public IReadOnlyList<(string Name, long Bytes)> List()
    {
        Check();
        return [.. _names.Select(static pair => (pair.Key, (long)pair.Value.Length))];
    }

    public ISpoolFile Create(string name, long reservedBytes)
    {
        Check();
        if (Used + reservedBytes > Capacity)
        {
            throw new IOException("No space left on device");
        }

        var stored = new Stored { Reserved = reservedBytes };
        Rename(names => names[name] = stored);
        return new Handle(this, stored);
    }

    public ISpoolFile OpenRead(string name)
    {
        Check();
        if (Unreadable.GetValueOrDefault(name) > 0)
        {
            Unreadable[name]--;
            throw new IOException($"Input/output error : '{name}'");
        }

        return _names.TryGetValue(name, out var stored)
            ? new Handle(this, stored)
            : throw new FileNotFoundException("gone", name);
    }

    public void GiveBack(string name)
    {
        Check();
        _names[name].Reserved = 0;
    }

    public void Delete(string name)
    {
        Check();
        Rename(names => names.Remove(name));
    }

    public void Rename(string from, string to)
    {
        Check();
        Rename(names =>
        {
            if (names.Remove(from, out var stored))
            {
                names[to] = stored;
            }
        });
    }

    public void SyncFolder()
    {
        Check();
        _unsyncedNames.Clear();
        _durableNames = new Dictionary<string, Stored>(_names, StringComparer.Ordinal);
    }

    private long Used => _names.Values.Sum(static stored => Math.Max(stored.Reserved, stored.Length));

    private void Rename(Action<Dictionary<string, Stored>> change)
    {
        change(_names);
        _unsyncedNames.Add(change);
    }

    private void Check()
    {
        if (Fails)
        {
            throw new IOException("Input/output error");
        }
    }

    private sealed class Stored
    {
        /// <summary>With room behind <see cref="Length"/>.</summary>
        public byte[] Bytes { get; private set; } = [];

        public int Length { get; set; }

        public byte[] Current
        {
            get => Bytes[..Length];
            set => (Bytes, Length) = (value, value.Length);
        }

        public byte[] Durable { get; set; } = [];

        public long Reserved { get; set; }

        public void Write(ReadOnlySpan<byte> bytes, int offset)
        {
            var end = offset + bytes.Length;
            if (end > Bytes.Length)
            {
                var longer = new byte[Math.Max(end, 2 * Bytes.Length)];
                Bytes.AsSpan(0, Length).CopyTo(longer);
                Bytes = longer;
            }

            if (offset > Length)
            {
                Bytes.AsSpan(Length, offset - Length).Clear();
            }

            bytes.CopyTo(Bytes.AsSpan(offset));
            Length = Math.Max(Length, end);
        }

        /// <summary>Each page and the length are as they were, as they are, or in between.</summary>
        public void Crash(Random random)
        {
            var shorter = Math.Min(Durable.Length, Length);
            var longer = Math.Max(Durable.Length, Length);
            var length = random.Next(3) switch
            {
                0 => Durable.Length,
                1 => Length,
                _ => random.Next(shorter, longer + 1),
            };
            var (after, current) = (new byte[length], Current);
            for (var page = 0; page < length; page += PageBytes)
            {
                var newBytes = random.Next(3) switch
                {
                    0 => 0,
                    1 => PageBytes,
                    _ => random.Next(PageBytes / SectorBytes) * SectorBytes,
                };
                Copy(Durable, after, page, PageBytes);
                Copy(current, after, page, newBytes);
            }

            (Current, Durable, Reserved) = (after, after[..], 0);
        }

        private static void Copy(byte[] from, byte[] to, int at, int bytes)
        {
            var count = Math.Min(bytes, Math.Min(from.Length, to.Length) - at);
            if (count > 0)
            {
                from.AsSpan(at, count).CopyTo(to.AsSpan(at));
            }
        }
    }

    private sealed class Handle(MemoryFiles owner, Stored stored) : ISpoolFile
    {
        public long Length => stored.Length;

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            owner.Answers.Wait();
            owner.Check();
            owner.Writes++;
            var grows = Math.Max(0, offset + bytes.Length - Math.Max(stored.Reserved, stored.Length));
            var room = Math.Max(0, owner.Capacity - owner.Used);
            var written = (int)Math.Min(bytes.Length, bytes.Length - grows + room);
            written = owner.Tears is { } tears ? Math.Min(written, tears(bytes.Length)) : written;
            stored.Write(bytes[..written], (int)offset);
            if (written < bytes.Length)
            {
                throw new IOException("No space left on device"); // And a part of it was written.
            }
        }

        public int Read(Span<byte> buffer, long offset)
        {
            owner.Check();
            var count = (int)Math.Clamp(stored.Length - offset, 0, buffer.Length);
            stored.Bytes.AsSpan((int)Math.Min(offset, stored.Length), count).CopyTo(buffer);
            return count;
        }

        public void Sync()
        {
            owner.Answers.Wait();
            owner.Check();
            if (owner.SyncFails)
            {
                throw new IOException("Input/output error");
            }

            owner.Syncs++;
            stored.Durable = stored.Current;
        }

        public void Truncate(long bytes)
        {
            owner.Check();
            stored.Length = (int)Math.Min(bytes, stored.Length);
            stored.Reserved = 0;
        }

        public void Dispose()
        {
        }
    }
}
