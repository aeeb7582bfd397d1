namespace PUNet.Core.Common.Pickle;

/// <summary>A class or function that a pickle names. It is only ever a name here: nothing is looked up or run.</summary>
internal sealed record PickleName(string Module, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Module}.{Name}";
}
