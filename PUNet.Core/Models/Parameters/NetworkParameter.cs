using TorchSharp.Modules;

namespace PUNet.Core.Models.Parameters;

/// <summary>A parameter of a network with what it is for.</summary>
/// <param name="Name">Its name in the state.</param>
/// <param name="Value">The parameter itself.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Class">The class it belongs to; null where all classes share it.</param>
/// <param name="IsInDecoder">Whether it lies in the decoder.</param>
public sealed record NetworkParameter(string Name, Parameter Value, ParameterRole Role, int? Class, bool IsInDecoder)
{
    /// <summary>Prompt tokens and the prompts' bias scores, which train at the prompts' rate (method.md, section 4).</summary>
    public bool IsPrompt => Role is ParameterRole.PromptTokens or ParameterRole.PromptBiasTable or ParameterRole.PromptBiasWeight;
}
