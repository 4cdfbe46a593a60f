using Microsoft.Extensions.Logging;
using SensorGateway.Configuration.Model;
using SensorGateway.Rules;

namespace SensorGateway.Hosting.Reloading;

/// <summary>Asks for a reload when rule or hash files have changed and then stood still for a moment.</summary>
/// <remarks>
/// The system's announcements only say when to look; what decides is how the files look. They are looked at every few
/// seconds too, because network and overlay file systems announce nothing.
/// </remarks>
internal sealed class RuleWatch : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Action _changed;
    private readonly TimeSpan _debounce;
    private readonly ILogger _log;
    private readonly Timer _timer;
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly HashSet<string> _complainedOf = new(StringComparer.Ordinal);
    private RuleConfig? _rules;
    private string _baseDirectory = "";
    private RuleFiles? _loaded;
    private RuleFiles? _seen;

    /// <param name="changed">Called when files have changed; must not block.</param>
    /// <param name="log">Told what cannot be watched.</param>
    /// <param name="debounce">How long files must stand still; 300 ms when null.</param>
    public RuleWatch(Action changed, ILogger log, TimeSpan? debounce = null)
    {
        _changed = changed;
        _log = log;
        _debounce = debounce ?? TimeSpan.FromMilliseconds(300);
        _timer = new Timer(_ => Look());
    }

    /// <summary>Watches what these paths give from now on, or nothing when they ask for no watching.</summary>
    /// <param name="rules">The paths.</param>
    /// <param name="baseDirectory">What relative ones start from.</param>
    /// <param name="loaded">The files as they were read last, whether they were good or not.</param>
    public void Watch(RuleConfig rules, string baseDirectory, RuleFiles loaded)
    {
        lock (_gate)
        {
            _loaded = loaded;
            _seen = null;
            Forget();
            (_rules, _baseDirectory) = (rules, baseDirectory);
            if (rules.Watch)
            {
                foreach (var (folder, recursive) in RuleLoader.Folders(rules.Paths, rules.Hashes, baseDirectory))
                {
                    Listen(folder, recursive);
                }

                _timer.Change(_debounce, Timeout.InfiniteTimeSpan); // What changed before anybody listened.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            Forget();
            _rules = null;
        }

        _timer.Dispose();
    }

    private void Listen(string folder, bool recursive)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = recursive,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite
                    | NotifyFilters.Size | NotifyFilters.Attributes,
            };
            watcher.Changed += (_, _) => LookSoon();
            watcher.Created += (_, _) => LookSoon();
            watcher.Deleted += (_, _) => LookSoon();
            watcher.Renamed += (_, _) => LookSoon();
            watcher.Error += (_, _) => LookSoon(); // Too much at once: something has changed for certain.
            _watchers.Add(watcher);
            watcher.EnableRaisingEvents = true;
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException)
        {
            if (_complainedOf.Add(folder))
            {
                ReloadLog.CannotWatch(_log, folder, fault.Message.TrimEnd('.'), LookEvery.TotalSeconds);
            }
        }
    }

    private void LookSoon()
    {
        lock (_gate)
        {
            if (_rules is { Watch: true })
            {
                _timer.Change(_debounce, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Look()
    {
        var changed = false;
        lock (_gate)
        {
            if (_rules is not { Watch: true } || _loaded is null)
            {
                return;
            }

            var now = RuleFiles.Read(_rules, _baseDirectory);
            if (_loaded.FirstDifference(now) is null)
            {
                _seen = null;
                _timer.Change(LookEvery, Timeout.InfiniteTimeSpan);
            }
            else if (_seen?.FirstDifference(now) is not null || _seen is null)
            {
                _seen = now; // Changed, but perhaps still being written: look again.
                _timer.Change(_debounce, Timeout.InfiniteTimeSpan);
            }
            else
            {
                (_loaded, _seen, changed) = (now, null, true);
                _timer.Change(LookEvery, Timeout.InfiniteTimeSpan);
            }
        }

        if (changed)
        {
            _changed();
        }
    }

    private void Forget()
    {
        _watchers.ForEach(static watcher => watcher.Dispose());
        _watchers.Clear();
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
