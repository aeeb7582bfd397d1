namespace PUNet.Core.Common.Settings;

/// <summary>A value that is made of numbers, which <see cref="Limits"/> look at one by one.</summary>
internal interface INumbers
{
    /// <summary>The numbers.</summary>
    IEnumerable<double> Numbers { get; }
}
