using System.Buffers.Binary;
using System.Net;

namespace SensorGateway.Pipeline.Sources.Linux;

/// <summary>A peer's IP address without its port, as 16 bytes: an IPv4 address in its IPv6-mapped form.</summary>
internal readonly record struct PeerAddress(ulong High, ulong Low)
{
    /// <summary>Room for any struct sockaddr of IPv4 or IPv6.</summary>
    public const int SocketAddressBytes = 32;

    private const ushort InterNetwork = 2;    // AF_INET
    private const ushort InterNetworkV6 = 10; // AF_INET6
    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    /// <summary>Reads the struct sockaddr that accept or recvmmsg filled in. Zero where there is no IP address.</summary>
    public static PeerAddress From(ReadOnlySpan<byte> socketAddress) => BitConverter.ToUInt16(socketAddress) switch
    {
        InterNetwork => new(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(socketAddress[4..])),
        InterNetworkV6 => new(
            BinaryPrimitives.ReadUInt64BigEndian(socketAddress[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(socketAddress[16..])),
        _ => default,
    };

    /// <summary>As people write it; a mapped address as plain IPv4.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        var address = new IPAddress(bytes);
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }
}
