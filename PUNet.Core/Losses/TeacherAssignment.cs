using PUNet.Core.Common;
using TorchSharp;

namespace PUNet.Core.Losses;

/// <summary>The teacher's half of the prototype assignment: v positions and P prototypes per crop; no tensor has gradients.</summary>
/// <param name="Prototypes">c, L2-normalised [B, P, C].</param>
/// <param name="Assignment">Q^t [B, v, P].</param>
/// <param name="Coordinates">Of the reduced positions, depth scaled, in voxels [B, v, 3], on the CPU.</param>
/// <param name="Positions">The reduced extent h × w × d = v; positions are in its C-order.</param>
public sealed record TeacherAssignment(torch.Tensor Prototypes, torch.Tensor Assignment, torch.Tensor Coordinates, Extent Positions) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Prototypes.Dispose();
        Assignment.Dispose();
        Coordinates.Dispose();
    }
}
