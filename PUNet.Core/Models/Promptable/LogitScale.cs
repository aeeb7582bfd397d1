using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Promptable;

/// <summary>A scale of similarities that is trained with the body: its logarithm is the parameter, so that it stays positive.</summary>
internal sealed class LogitScale : nn.Module
{
    [ComponentName(Name = "logarithm")] private readonly Parameter _logarithm;

    /// <param name="start">The first scale.</param>
    public LogitScale(double start) : base(nameof(LogitScale))
    {
        _logarithm = new Parameter(tensor([(float)Math.Log(start)]));
        RegisterComponents();
    }

    /// <summary>Maps of any shape, times the scale.</summary>
    public Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        var highest = TensorArithmetic.Real(Math.Log(PromptableUNetConfiguration.HighestLogitScale));
        return maps.mul(_logarithm.clamp_max(highest).exp()).MoveToOuterDisposeScope();
    }
}
