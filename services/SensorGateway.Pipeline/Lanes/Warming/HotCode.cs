using System.Reflection;
using System.Runtime.CompilerServices;
using SensorGateway.Nats;

namespace SensorGateway.Pipeline.Lanes.Warming;

/// <summary>Compiles what the payload's way may ever call, so that nothing is left for its threads to compile.</summary>
/// <remarks>
/// Warming runs the common way only; a timeout, a cut connection or a summary of the log first comes after hours, and
/// compiling it then would hold payloads up. Methods that run often are optimised later on the runtime's own thread.
/// </remarks>
internal static class HotCode
{
    private static readonly string[] Rooms =
        ["Sources", "Ring", "Detection", "Alerts", "Publishing", "Sensors", "Threading", "Telemetry"];

    private static int _begun;

    /// <summary>Begins on a thread of its own, once in a process; takes a second or so of one CPU.</summary>
    public static void PrepareInBackground()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
        {
            new Thread(PrepareAll) { IsBackground = true, Name = "prepare-code", Priority = ThreadPriority.BelowNormal }
                .Start();
        }
    }

    /// <summary>Compiles now, on the calling thread.</summary>
    /// <returns>How many methods.</returns>
    internal static int Prepare(Assembly assembly, Func<Type, bool> isWanted)
    {
        const BindingFlags declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.Static | BindingFlags.Instance;
        var prepared = 0;
        foreach (var type in assembly.GetTypes().Where(type => !type.ContainsGenericParameters && isWanted(type)))
        {
            foreach (var method in type.GetMethods(declared).Concat<MethodBase>(type.GetConstructors(declared)))
            {
                prepared += TryPrepare(method) ? 1 : 0;
            }
        }

        return prepared;
    }

    private static void PrepareAll()
    {
        Prepare(typeof(HotCode).Assembly, static type => Array.Exists(
            Rooms, room => type.Namespace?.StartsWith($"SensorGateway.Pipeline.{room}", StringComparison.Ordinal) == true));
        Prepare(typeof(NatsEndpoint).Assembly, static _ => true);
    }

    private static bool TryPrepare(MethodBase method)
    {
        if (method.IsAbstract || method.ContainsGenericParameters || method.IsStatic && method is ConstructorInfo)
        {
            return false;
        }

        try
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return false; // For another platform, or no code of its own: whoever calls it compiles it then.
        }
    }
}
