using SensorGateway.LoadTest.Contestants;

namespace SensorGateway.LoadTest.Measuring;

/// <summary>Keeps the CPUs from halting as long as it lives, for every program on the machine.</summary>
/// <remarks>
/// A hypervisor gives the CPU of a guest that halts to another guest, and on a crowded host takes milliseconds to give it
/// back. A program that waits for payloads halts thousands of times a second; the host's time then is in every latency.
/// The kernel polls instead while somebody holds /dev/cpu_dma_latency open with a wish of 0 us
/// (https://docs.kernel.org/power/pm_qos_interface.html).
/// </remarks>
internal sealed class AwakeCpus : IDisposable
{
    private const string Device = "/dev/cpu_dma_latency";

    private readonly FileStream _wish;

    /// <exception cref="StartException">The kernel takes no such wish from us.</exception>
    public AwakeCpus()
    {
        try
        {
            _wish = new FileStream(Device, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            _wish.Write(BitConverter.GetBytes(0)); // Microseconds, as 32 bits.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"--keep-awake: {Device} cannot be written ({failure.Message}); run as root, or leave it out");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _wish.Dispose();
}
