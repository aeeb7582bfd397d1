using System.Text.Json;

namespace PUNet.Core.Models.Adaptation;

/// <summary>How a variant is written in scripts and in messages.</summary>
public static class AdaptationKeyword
{
    /// <summary>The keyword of the language: promptTune for <see cref="AdaptationVariant.PromptTune"/>.</summary>
    public static string Keyword(this AdaptationVariant variant) => JsonNamingPolicy.CamelCase.ConvertName(variant.ToString());
}
