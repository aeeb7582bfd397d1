using PUNet.Core.Blocks;
using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Promptable;

/// <summary>
/// The learnable position code of the ViT ablation, for the teacher's patch, added to the stem's output (method.md, section 2, step 2).
/// </summary>
internal sealed class PositionCode : nn.Module
{
    [ComponentName(Name = "code")] private readonly Parameter _code;

    private readonly Extent _grid;

    public PositionCode(Extent teacherPatch, int channels, Initialisation initialisation) : base(nameof(PositionCode))
    {
        _grid = Extent.From(axis => (teacherPatch[axis] + 1) / 2);
        _code = initialisation.XavierUniform(1, _grid.Count, channels);
        RegisterComponents();
    }

    /// <summary>[B, C, H, W, D] plus the centre of the code.</summary>
    /// <exception cref="ArgumentException">The feature map is larger than the code.</exception>
    public Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        var code = _code.view(1, _grid.H, _grid.W, _grid.D, -1).permute(0, 4, 1, 2, 3);
        for (var axis = 0; axis < 3; axis++)
        {
            var size = map.shape[2 + axis];
            if (size > _grid[axis])
                throw new ArgumentException(
                    $"The position code covers {_grid} positions of the feature map; axis {axis} has {size}. "
                    + "Use patches no larger than the teacher's.");
            code = code.narrow(2 + axis, (_grid[axis] - size) / 2, size);
        }
        return map.Plus(code).MoveToOuterDisposeScope();
    }
}
