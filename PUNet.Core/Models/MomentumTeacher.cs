using PUNet.Core.Common;
using PUNet.Core.Models.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Models;

/// <summary>
/// The teacher: a copy of the student at the start, then τ·teacher + (1 − τ)·student over parameters only; normalisation
/// statistics are each network's own (method.md, section 4, "Student/teacher").
/// </summary>
public sealed class MomentumTeacher : IDisposable
{
    private readonly Tensor[] _teacher;
    private readonly Tensor[] _student;
    private readonly Tensor _weight; // 1 − τ, []

    /// <param name="student">The network that is trained; the teacher lies beside it.</param>
    /// <param name="momentum">τ in [0, 1].</param>
    public MomentumTeacher(SegmentationNetwork student, double momentum = 0.99)
    {
        if (momentum is < 0 or > 1 or double.NaN)
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "The teacher's momentum lies in [0, 1].");
        Network = SegmentationNetwork.Build(student.Configuration, new RandomStream(0, "teacher"), student.Place);
        NetworkState.Copy(student, Network);
        foreach (var parameter in Network.parameters()) parameter.requires_grad = false;
        _teacher = [.. Network.parameters()];
        _student = [.. student.parameters()];
        using var scope = NewDisposeScope();
        _weight = tensor((float)(1 - momentum)).to(student.Place.Type, student.Place.Device).DetachFromDisposeScope();
    }

    /// <summary>The teacher network; its parameters have no gradients.</summary>
    public SegmentationNetwork Network { get; }

    /// <summary>Moves the teacher towards the student; once per step, before the forward pass.</summary>
    public void Update()
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        for (var i = 0; i < _teacher.Length; i++) _teacher[i].lerp_(_student[i], _weight);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        _weight.Dispose();
    }
}
