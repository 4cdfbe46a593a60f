namespace SensorGateway.Pipeline.Publishing;

/// <summary>Which connection each sensor is on, and when it may go to another. Owner: holder of the publish baton.</summary>
/// <remarks>
/// Sensors are dealt into slots by their hash; a slot is on one connection. It moves only when everything it ever gave
/// that connection is confirmed: so its alerts can never overtake each other.
/// </remarks>
internal sealed class ShardMap
{
    /// <summary>Divides by every even number of connections in a pool.</summary>
    public const int Slots = 64;

    private readonly Shard[] _shards;
    private readonly bool _mayMove;
    private readonly int[] _home = new int[Slots];
    private readonly int[] _wanted = new int[Slots];
    private readonly long[] _last = new long[Slots]; // Messages its connection had been given, the slot's last included.
    private readonly int[] _live;
    private int _active;
    private uint _liveMask;
    private int _misplaced; // Slots whose home is not where they should be.

    public ShardMap(Shard[] shards, int active, bool mayMove)
    {
        _shards = shards;
        _mayMove = mayMove;
        _active = Math.Clamp(active, 1, shards.Length);
        _live = new int[shards.Length];
        for (var slot = 0; slot < Slots; slot++)
        {
            _home[slot] = _wanted[slot] = slot % _active;
        }
    }

    /// <summary>Some slots wait for their confirmations to move.</summary>
    public bool IsUnsettled => _misplaced > 0;

    /// <summary>Connections that have slots now.</summary>
    public int InUse
    {
        get
        {
            var mask = 0u;
            foreach (var home in _home)
            {
                mask |= 1u << home;
            }

            return System.Numerics.BitOperations.PopCount(mask);
        }
    }

    /// <summary>The slot of a sensor.</summary>
    public static int SlotOf(uint hash) => (int)(hash % Slots);

    /// <summary>The connection of a slot, after a move if it is wanted and allowed now.</summary>
    public Shard For(int slot)
    {
        if (_misplaced > 0)
        {
            TryMove(slot);
        }

        return _shards[_home[slot]];
    }

    /// <summary>The slot's connection took a message of it.</summary>
    public void NoteAppended(int slot) => _last[slot] = _shards[_home[slot]].Appended;

    /// <summary>Connections came or went, or another number of them is wanted.</summary>
    public void Place(int active)
    {
        if (!_mayMove)
        {
            return;
        }

        var mask = 0u;
        for (var i = 0; i < _shards.Length; i++)
        {
            mask |= _shards[i].LastFlush == FlushResult.Down ? 0 : 1u << i;
        }

        active = Math.Clamp(active, 1, _shards.Length);
        if (mask == _liveMask && active == _active)
        {
            return;
        }

        (_liveMask, _active) = (mask, active);
        var live = 0;
        for (var i = 0; i < _shards.Length && live < active; i++)
        {
            if ((mask & (1u << i)) != 0)
            {
                _live[live++] = i;
            }
        }

        _misplaced = 0;
        for (var slot = 0; slot < Slots; slot++)
        {
            // With no connection at all, everything waits where it is.
            _wanted[slot] = live == 0 ? _home[slot] : _live[slot % live];
            _misplaced += _wanted[slot] == _home[slot] ? 0 : 1;
        }
    }

    /// <summary>Moves every slot that may; true when none is left to move.</summary>
    public bool TryMoveAll()
    {
        for (var slot = 0; slot < Slots && _misplaced > 0; slot++)
        {
            TryMove(slot);
        }

        return _misplaced == 0;
    }

    /// <summary>Some slot waits only for confirmations that a live server can give.</summary>
    public bool IsHeldUpByLiveConnection
    {
        get
        {
            for (var slot = 0; slot < Slots; slot++)
            {
                if (_wanted[slot] != _home[slot] && _shards[_home[slot]].LastFlush != FlushResult.Down)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Asks for the confirmations that moves wait for.</summary>
    public void Hurry()
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            if (_wanted[slot] != _home[slot])
            {
                _shards[_home[slot]].Connection.Hurry = true;
            }
        }
    }

    /// <summary>Back to the usual pace of confirmations.</summary>
    public void EndHurry()
    {
        foreach (var shard in _shards)
        {
            shard.Connection.Hurry = false;
        }
    }

    private void TryMove(int slot)
    {
        var home = _home[slot];
        if (home != _wanted[slot] && _shards[home].Connection.SettledThrough >= _last[slot])
        {
            (_home[slot], _last[slot]) = (_wanted[slot], 0);
            _misplaced--;
        }
    }
}
