namespace PUNet.Core.Blocks;

/// <summary>Negative slope of every LeakyReLU of the network (method.md, section 2).</summary>
internal static class LeakySlope
{
    public const double Value = 0.01;
}
