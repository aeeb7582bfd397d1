using PUNet.Core.Common;
using TorchSharp;

namespace PUNet.Core.Data.Batches;

/// <summary>What one pre-training step reads; owns its tensors.</summary>
/// <param name="Teacher">Views for the teacher.</param>
/// <param name="Students">One batch per student extent; element b of each comes from the same crop as the teacher's.</param>
/// <param name="Active">The active classes of the batch elements.</param>
/// <param name="Frames">Per batch element the subject it was cut from.</param>
public sealed record TrainingBatch(
    ViewBatch Teacher, IReadOnlyList<ViewBatch> Students, ActiveClasses Active, IReadOnlyList<string> Frames)
    : IDisposable
{
    /// <summary>The same batch on a device; copies replace the originals, which are disposed.</summary>
    public TrainingBatch MoveTo(torch.Device device) =>
        this with { Teacher = Teacher.MoveTo(device), Students = [.. Students.Select(student => student.MoveTo(device))] };

    /// <inheritdoc/>
    public void Dispose()
    {
        Teacher.Dispose();
        foreach (var student in Students) student.Dispose();
    }
}
