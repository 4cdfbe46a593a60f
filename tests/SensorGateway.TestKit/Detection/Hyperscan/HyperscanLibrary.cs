using System.Runtime.InteropServices;

namespace SensorGateway.TestKit.Detection.Hyperscan;

/// <summary>The few calls of Hyperscan 5 (or of Vectorscan, which has the same) that a comparison needs.</summary>
internal static unsafe partial class HyperscanLibrary
{
    public const uint CaseLess = 1;
    public const uint DotAll = 2;
    public const uint MultiLine = 4;
    public const uint SingleMatch = 8;
    public const uint AllowEmpty = 16;
    public const uint BlockMode = 1;

    private const string Library = "libhs.so.5";

    /// <summary>True when the library is installed.</summary>
    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(Library, out _);

    [LibraryImport(Library, EntryPoint = "hs_compile_multi")]
    public static partial int Compile(
        byte** expressions, uint* flags, uint* ids, uint count, uint mode, void* platform, nint* database, void** error);

    [LibraryImport(Library, EntryPoint = "hs_free_compile_error")]
    public static partial int FreeCompileError(void* error);

    [LibraryImport(Library, EntryPoint = "hs_alloc_scratch")]
    public static partial int AllocScratch(nint database, nint* scratch);

    [LibraryImport(Library, EntryPoint = "hs_scan")]
    public static partial int Scan(
        nint database, byte* data, uint length, uint flags, nint scratch,
        delegate* unmanaged<uint, ulong, ulong, uint, int*, int> onMatch, int* context);

    [LibraryImport(Library, EntryPoint = "hs_free_scratch")]
    public static partial int FreeScratch(nint scratch);

    [LibraryImport(Library, EntryPoint = "hs_free_database")]
    public static partial int FreeDatabase(nint database);

    /// <summary>Appends to the context: first how many, then which.</summary>
    [UnmanagedCallersOnly]
    public static int Collect(uint id, ulong from, ulong to, uint flags, int* context)
    {
        context[++context[0]] = (int)id;
        return 0;
    }

    /// <summary>
    /// What hs_compile_error_t holds: the message, and which expression it is about (negative: none).
    /// </summary>
    public static (string? Message, int Expression) Read(void* error) =>
        (Marshal.PtrToStringUTF8(*(nint*)error), *(int*)((nint*)error + 1));
}
