namespace PUNet.Core.Models.Adaptation;

/// <summary>Words of the variants.</summary>
public static class AdaptationVariants
{
    /// <summary>The keyword of scripts that declares an adaptation by the variant: promptTune.</summary>
    public static string Keyword(this AdaptationVariant variant)
    {
        var name = variant.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
