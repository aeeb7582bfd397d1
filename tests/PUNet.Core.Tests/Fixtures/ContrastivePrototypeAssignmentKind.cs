using PUNet.Core.Losses;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures;

public sealed class ContrastivePrototypeAssignmentKind : IFixtureKind
{
    public string Kind => "contrastive_prototype_assignment";

    public void Check(FixtureCase fixture)
    {
        var loss = new ContrastivePrototypeAssignment(Options(fixture));
        var teacher = fixture.Input("teacher");
        using var assignment = loss.Assign(teacher, fixture.Input("teacher_coords"));
        fixture.Expect("output.teacher_assignment_first_frame", OfFirstFrame(fixture, assignment));
        for (var s = 0; s < 2; s++)
        {
            var jitter = fixture.Input($"jitter{s}").data<long>().Select(elements => (int)elements).ToArray();
            var embedding = fixture.Input($"student{s}").clone().requires_grad_();
            var value = loss.Loss(new StudentEmbedding(
                embedding, fixture.Input($"student{s}_coords"), new BorderJitter(jitter[0], jitter[1], jitter[2], jitter[3])), assignment);
            value.backward();
            fixture.Expect($"output.loss{s}", value.reshape(1));
            fixture.Expect($"grad.student{s}", embedding.grad!);
        }
    }

    private static ContrastivePrototypeAssignmentOptions Options(FixtureCase fixture)
    {
        double Number(string name) => fixture.Json.GetProperty(name).GetDouble();
        bool Flag(string name) => fixture.Json.GetProperty(name).GetBoolean();
        return new()
        {
            Reduction = Number("reduction"),
            PrototypeReduction = Number("prototype_reduction"),
            Iterations = (int)Number("k_means_iterations"),
            PrototypeWidth = Flag("use_weighting_prototypes") ? Number("fwhm_teacher_prototypes") : null,
            TeacherWidth = Flag("use_weighting_teacher") ? Number("fwhm_teacher_prototypes") : null,
            TeacherTemperature = Number("teacher_temperature"),
            StudentTemperature = Number("student_temperature"),
            MaximalDistance = Number("max_distance"),
            DepthScale = Number("scale_z"),
        };
    }

    /// <summary>[v crops of the first frame, P, h, w, 1], the depth slice ⌊d/2⌋.</summary>
    private static Tensor OfFirstFrame(FixtureCase fixture, TeacherAssignment assignment)
    {
        var frames = fixture.Json.GetProperty("frames").EnumerateArray().Select(frame => frame.GetString()).ToList();
        var (h, w, d) = (assignment.Positions.H, assignment.Positions.W, assignment.Positions.D);
        var maps = assignment.Assignment.transpose(1, 2).reshape(frames.Count, -1, h, w, d); // [B, P, h, w, d]
        return maps.narrow(0, 0, frames.Count(frame => frame == frames[0])).narrow(4, d / 2, 1);
    }
}
