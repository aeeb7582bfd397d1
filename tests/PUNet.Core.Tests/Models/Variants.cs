using PUNet.Core.Models.Adaptation;

namespace PUNet.Core.Tests.Models;

/// <summary>Every way of adapting a backbone to new classes.</summary>
public static class Variants
{
    public static TheoryData<AdaptationVariant> All => [.. Enum.GetValues<AdaptationVariant>()];
}
