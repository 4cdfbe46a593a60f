using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Sources.Linux;

/// <summary>What the framework does not tell of a file.</summary>
public static unsafe partial class FileCalls
{
    private const int CurrentFolder = -100;     // AT_FDCWD
    private const int NoFollow = 0x100;         // AT_SYMLINK_NOFOLLOW
    private const uint WantType = 1;            // STATX_TYPE
    private const int StatBytes = 256;          // struct statx, the same on every architecture
    private const int ModeOffset = 28;          // stx_mode
    private const int TypeMask = 0xF000;        // S_IFMT
    private const int TypeSocket = 0xC000;      // S_IFSOCK

    /// <summary>True when the path itself, not what a link points to, is a socket.</summary>
    public static bool IsSocket(string path)
    {
        var stat = stackalloc byte[StatBytes];
        return StatX(CurrentFolder, path, NoFollow, WantType, stat) == 0
            && (*(ushort*)(stat + ModeOffset) & TypeMask) == TypeSocket;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, byte* stat);
}
