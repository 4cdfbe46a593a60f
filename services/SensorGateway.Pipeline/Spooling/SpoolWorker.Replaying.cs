using System.Diagnostics;

namespace SensorGateway.Pipeline.Spooling;

/// <summary>The way back, and what the role says of itself.</summary>
internal sealed partial class SpoolWorker
{
    private int Replay(long now)
    {
        var handed = 0;
        for (var lane = 0; lane < _replay.Length; lane++)
        {
            var before = handed;
            try
            {
                while (_spool.Lanes[lane].Pending > 0 && _spool.TryPeek(lane, out var record))
                {
                    var bytes = record.Subject.Length + record.Json.Length;
                    if (!_replay[lane].Writers[0].TryClaim(bytes, out var lease))
                    {
                        break;
                    }

                    SpooledAlert.Write(lease, record.Head, record.Subject, record.Json);
                    _replay[lane].Writers[0].Commit(lease);
                    _spool.Take(lane, record);
                    handed++;
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                if (_lastError != failure.Message)
                {
                    _lastError = failure.Message;
                    SpoolingLog.Unreadable(_log, _options.Folder, Sentence(failure));
                }
            }

            if (handed > before)
            {
                _replay[lane].Writers[0].Publish();
            }

            _cells[lane].Lost.WriteRelease(_spool.Lanes[lane].Lost);
        }

        if (_cells.IsFailing)
        {
            _spool.ForgetHandedOut(ReadConfirmed());
        }

        if (handed > 0)
        {
            _wakePublisher();
        }

        return handed;
    }

    private void Release()
    {
        if (_spool.Release(ReadConfirmed()) > 0)
        {
            _syncedRecords = Math.Min(_syncedRecords, _spool.Records);
            _wakePublisher();
        }
    }

    private ReadOnlySpan<ulong> ReadConfirmed()
    {
        for (var i = 0; i < _confirmed.Length; i++)
        {
            _confirmed[i] = (ulong)_cells[i].Confirmed.ReadAcquire();
        }

        return _confirmed;
    }

    private void Fail(long now, Exception failure)
    {
        if (NoteFailure(now, failure))
        {
            _wakePublisher();
        }
    }

    /// <returns>True when the disk has worked until now.</returns>
    private bool NoteFailure(long now, Exception failure)
    {
        _retryAtTicks = now + _retryTicks;
        _writeErrors++;
        _lastError = failure.Message;
        if (_cells.IsFailing)
        {
            return false;
        }

        _cells.IsFailing = true;
        SpoolingLog.Failing(_log, _options.Folder, Sentence(failure));
        return true;
    }

    private void Succeed()
    {
        if (_cells.IsFailing)
        {
            _cells.IsFailing = false;
            SpoolingLog.Works(_log, _options.Folder);
            _wakePublisher();
        }
    }

    private static string Sentence(Exception failure) => failure.Message.TrimEnd('.') + ".";

    private SpoolSnapshot TakeSnapshot()
    {
        var oldest = _spool.OldestMilliseconds;
        var age = oldest == 0 ? 0 : Math.Max(0, _clock.GetUtcNow().ToUnixTimeMilliseconds() - oldest);
        return new SpoolSnapshot
        {
            State = _cells.IsFailing ? "failing" : _cells.IsRecovered ? "ok" : "recovering",
            LastError = _lastError,
            Folder = _options.Folder,
            Bytes = _spool.UsedBytes,
            BytesMax = _options.BytesMax,
            Segments = _spool.Segments,
            Records = _spool.Records,
            SyncedRecords = _syncedRecords,
            OldestAge = TimeSpan.FromMilliseconds(age),
            DamagedBytes = _spool.DamagedBytes,
            BadFiles = _spool.BadFiles,
            SlowestWrite = Stopwatch.GetElapsedTime(0, _slowestTicks),
            WriteErrors = _writeErrors,
        };
    }
}
