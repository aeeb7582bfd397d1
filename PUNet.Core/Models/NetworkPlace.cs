using static TorchSharp.torch;

namespace PUNet.Core.Models;

/// <summary>Where the parameters and statistics of a network lie, and in which numbers: settled when it is built, and never changed.</summary>
/// <param name="Device">cpu, or a GPU.</param>
/// <param name="Type">Of the parameters; whole numbers, such as counts of batches, stay whole.</param>
public readonly record struct NetworkPlace(Device Device, ScalarType Type = ScalarType.Float32)
{
    /// <summary>By the device's name, in 32 bits.</summary>
    public static implicit operator NetworkPlace(string device) => new(new Device(device));

    /// <summary>On the device, in 32 bits.</summary>
    public static implicit operator NetworkPlace(Device device) => new(device);
}
