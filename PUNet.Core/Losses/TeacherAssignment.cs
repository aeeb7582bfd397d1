using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Losses;

/// <summary>The teacher's half of the prototype assignment: v positions and P prototypes per crop; no tensor has gradients.</summary>
/// <param name="Prototypes">c, L2-normalised [B, P, C].</param>
/// <param name="Assignment">Q^t [B, v, P].</param>
/// <param name="Coordinates">Of the reduced positions, depth scaled, in voxels [B, v, 3], on the CPU.</param>
/// <param name="Positions">The reduced extent h × w × d = v; positions are in its C-order.</param>
public sealed record TeacherAssignment(Tensor Prototypes, Tensor Assignment, Tensor Coordinates, Extent Positions) : IDisposable
{
    private const double SmallestMass = 1e-37;

    /// <summary>
    /// How many of the P prototypes are in use: the exponential of the entropy of the mean assignment over a crop's positions, 1 where all
    /// positions have one prototype, P where all prototypes have as many; the mean over crops. A scalar without gradients.
    /// </summary>
    public Tensor InUse()
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var mass = Assignment.sum(1); // [B, P]
        var share = mass / mass.sum(1, keepdim: true).clamp_min(TensorArithmetic.Real(SmallestMass));
        return special.entr(share).sum(1).exp().mean().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Prototypes.Dispose();
        Assignment.Dispose();
        Coordinates.Dispose();
    }
}
