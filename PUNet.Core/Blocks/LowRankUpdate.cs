using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks;

/// <summary>
/// An update of a frozen matrix that has a low rank: W + (α / r) · B · A (LoRA; Hu et al. 2021, arXiv 2106.09685, section 4.1). A is Gaussian
/// and B zero, so that the layer starts as the frozen one, bit for bit. The paper sets α to the first rank that is tried and leaves it:
/// so does this. What multiplies is the sum, so that a layer costs what it did before.
/// </summary>
internal sealed class LowRankUpdate : nn.Module
{
    private const double Alpha = 4; // the default rank

    [ComponentName(Name = "down")] private readonly Parameter _down;
    [ComponentName(Name = "up")] private readonly Parameter _up;

    private readonly double _scale;

    /// <param name="inputs">Columns of the frozen matrix.</param>
    /// <param name="outputs">Its rows.</param>
    /// <param name="rank">r, at least 1.</param>
    /// <param name="initialisation">Source of A; its deviation 1 / √inputs keeps the size of what it multiplies.</param>
    public LowRankUpdate(int inputs, int outputs, int rank, Initialisation initialisation) : base(nameof(LowRankUpdate))
    {
        _scale = Alpha / rank;
        _down = initialisation.Normal(1 / Math.Sqrt(inputs), rank, inputs);
        _up = nn.Parameter(zeros(outputs, rank));
        RegisterComponents();
    }

    /// <summary>The sum with a matrix [outputs, inputs].</summary>
    public Tensor AddTo(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        return matrix.Plus(_up.mm(_down).Times(_scale)).MoveToOuterDisposeScope();
    }
}
