using PUNet.Core.Common;
using PUNet.Core.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Losses;

public sealed class ContrastivePrototypeAssignmentTests
{
    private static readonly ContrastivePrototypeAssignmentOptions _small = new() { PrototypeReduction = 4, PrototypeWidth = 24 };

    [Fact]
    public void A_student_that_equals_its_teacher_pays_the_entropy_of_the_assignment()
    {
        var cpa = new ContrastivePrototypeAssignment(_small with { StudentTemperature = 0.033 });
        var (embedding, coordinates) = (Embedding(2, 16), Coordinates(2, 32));
        using var assignment = cpa.Assign(embedding, coordinates);
        using var loss = cpa.Loss(new(embedding, coordinates, default), assignment);
        var entropy = special.entr(assignment.Assignment).sum(2).mean();
        Assert.Equal(entropy.item<float>(), loss.item<float>(), 1e-4f);
    }

    [Fact]
    public void An_embedding_at_the_view_s_own_resolution_meets_the_teacher_s_at_the_same_places()
    {
        var cpa = new ContrastivePrototypeAssignment(_small with { StudentTemperature = 0.033 });
        var teacher = Embedding(1, 32);
        var student = teacher.narrow(2, 4, 24).narrow(3, 4, 24); // the middle: reduced positions coincide
        using var assignment = cpa.Assign(teacher, Coordinates(1, 32));
        using var loss = cpa.Loss(new(student, Coordinates(1, 24), default), assignment);
        var entropy = special.entr(assignment.Assignment).sum(2).view(16, 16)[2..14, 2..14].mean();
        Assert.Equal(entropy.item<float>(), loss.item<float>(), 1e-4f);
    }

    [Fact]
    public void Where_all_features_are_alike_every_prototype_is_as_good()
    {
        var (embedding, coordinates) = (ones(new long[] { 2, 8, 16, 16, 1 }), Coordinates(2, 32));
        var losses = new ContrastivePrototypeAssignment(_small).forward(embedding, coordinates, [new(embedding, coordinates, default)]);
        Assert.Equal(Math.Log(16), Assert.Single(losses).item<float>(), 1e-4);
    }

    [Theory]
    [InlineData(1, 1f)]
    [InlineData(3, 1f)]
    [InlineData(8, 1f)]
    [InlineData(3, 0.01f)] // weights by distance: rows that do not sum to 1
    public void Of_eight_prototypes_as_many_are_in_use_as_positions_are_spread_over(int used, float weight)
    {
        var hard = nn.functional.one_hot(arange(24) % used, 8).to(float32).unsqueeze(0) * weight; // [1, v, P]
        using var assignment = new TeacherAssignment(zeros(1, 8, 4), hard, zeros(1, 24, 3), new Extent(4, 6, 1));
        Assert.Equal(used, assignment.InUse().item<float>(), 1e-4f);
        using var uniform = assignment with { Assignment = ones(1, 24, 8) / 8 };
        Assert.Equal(8, uniform.InUse().item<float>(), 1e-4f);
    }

    [Fact]
    public void Positions_far_from_the_teacher_cost_nothing_and_get_no_gradient()
    {
        var student = Embedding(2, 12).requires_grad_();
        var far = Coordinates(2, 24) + 100;
        var loss = new ContrastivePrototypeAssignment(_small).forward(Embedding(2, 16), Coordinates(2, 32), [new(student, far, default)])[0];
        loss.backward();
        Assert.Equal(0, loss.item<float>());
        Assert.Equal(0, student.grad!.abs().sum().item<float>());
    }

    [Fact]
    public void A_crop_without_a_shared_place_does_not_dilute_the_others()
    {
        var cpa = new ContrastivePrototypeAssignment(_small);
        var (teacher, student, coordinates) = (Embedding(2, 16), Embedding(2, 12), Coordinates(2, 24));
        coordinates[1] += 100;
        var both = cpa.forward(teacher, Coordinates(2, 32), [new(student, coordinates, new(1, 0, 0, 1))])[0];
        var first = cpa.forward(teacher[..1], Coordinates(1, 32), [new(student[..1], coordinates[..1], new(1, 0, 0, 1))])[0];
        Assert.True(first.item<float>() > 0.1f);
        Assert.Equal(first.item<float>(), both.item<float>(), 1e-5f);
    }

    [Fact]
    public void Crops_never_see_each_other()
    {
        var cpa = new ContrastivePrototypeAssignment(_small);
        var (teacher, student) = (Embedding(3, 16), Embedding(3, 12));
        var together = cpa.forward(teacher, Coordinates(3, 32), [new(student, Coordinates(3, 24), default)])[0].item<float>();
        var apart = Enumerable.Range(0, 3).Average(b => cpa.forward(
            teacher.narrow(0, b, 1), Coordinates(1, 32), [new(student.narrow(0, b, 1), Coordinates(1, 24), default)])[0].item<float>());
        Assert.Equal(apart, together, 1e-5f);
    }

    [Fact]
    public void The_loss_does_not_change_under_a_rotation_of_the_feature_space_or_a_shift_of_the_subject()
    {
        var cpa = new ContrastivePrototypeAssignment(_small);
        var (teacher, student) = (Embedding(1, 16), Embedding(1, 12));
        var (rotation, _) = linalg.qr(Embedding(1, 8).narrow(3, 0, 1).reshape(8, 8));
        Tensor Rotated(Tensor embedding) => einsum("ij,bjhwd->bihwd", rotation, embedding);
        var plain = cpa.forward(teacher, Coordinates(1, 32), [new(student, Coordinates(1, 24), default)])[0].item<float>();
        var turned = cpa.forward(Rotated(teacher), Coordinates(1, 32), [new(Rotated(student), Coordinates(1, 24), default)])[0].item<float>();
        var shifted = cpa.forward(teacher, Coordinates(1, 32) - 70, [new(student, Coordinates(1, 24) - 70, default)])[0].item<float>();
        Assert.Equal(plain, turned, 1e-4f);
        Assert.Equal(plain, shifted, 1e-4f);
    }

    [Fact]
    public void Gradients_agree_with_differences_and_never_reach_the_teacher()
    {
        var cpa = new ContrastivePrototypeAssignment(_small);
        var (teacher, student) = (Embedding(2, 16).requires_grad_(), Embedding(2, 12).requires_grad_());
        Tensor Loss(Tensor embedding) => cpa.forward(teacher, Coordinates(2, 32), [new(embedding, Coordinates(2, 24), new(0, 1, 1, 0))])[0];
        Loss(student).backward();
        Assert.True(teacher.grad is null);
        var direction = Embedding(2, 12) - student.detach().mean();
        var slope = (Loss(student.detach() + 1e-2 * direction) - Loss(student.detach() - 1e-2 * direction)).item<float>() / 2e-2;
        Assert.Equal(slope, (student.grad! * direction).sum().item<float>(), 2e-3);
    }

    [Fact]
    public void Nothing_stays_in_memory_but_the_losses()
    {
        var cpa = new ContrastivePrototypeAssignment(_small);
        var (teacher, coordinates) = (Embedding(2, 16), Coordinates(2, 32));
        var student = new StudentEmbedding(Embedding(2, 12), Coordinates(2, 24), default);
        var statistics = DisposeScopeManager.Statistics;
        var before = statistics.ThreadTotalLiveCount;
        foreach (var loss in cpa.forward(teacher, coordinates, [student, student])) loss.Dispose();
        Assert.Equal(before, statistics.ThreadTotalLiveCount);
        Assert.False(teacher.IsInvalid || coordinates.IsInvalid || student.Embedding.IsInvalid);
    }

    [Fact]
    public void Jitter_takes_every_number_of_elements_below_the_reduction()
    {
        var random = new RandomStream(1, "jitter");
        var drawn = Enumerable.Range(0, 200).Select(_ => BorderJitter.Draw(2.5, random)).ToList();
        Assert.Equal([0, 1, 2], drawn.Select(jitter => jitter.Top).Distinct().Order());
        Assert.Equal([0, 1, 2], drawn.Select(jitter => jitter.Right).Distinct().Order());
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var cpa = new ContrastivePrototypeAssignment(_small);
        Assert.Contains(
            "[1, 2, 32, 32, 1]", Assert.Throws<ArgumentException>(() => cpa.Assign(Embedding(1, 16), zeros(new long[] { 1, 2, 32, 32, 1 }))).Message);
        Assert.Equal(
            2,
            Assert.Throws<ConfigurationException>(
                () => new ContrastivePrototypeAssignment(new() { Reduction = 0.5, StudentTemperature = 0 })).Faults.Count);
    }

    private static Tensor Embedding(int crops, int size)
    {
        using var generator = new RandomStream(size, "embedding").TorchGenerator();
        return randn([crops, 8, size, size, 1], generator: generator);
    }

    /// <summary>Coordinates of an unaugmented view in the middle of the subject [crops, 3, size, size, 1].</summary>
    private static Tensor Coordinates(int crops, int size)
    {
        var axis = arange(size, ScalarType.Float32) - (size - 1) / 2f;
        var grid = meshgrid([axis, axis], "ij");
        return stack([grid[0], grid[1], zeros_like(grid[0])]).unsqueeze(0).unsqueeze(4).expand(crops, -1, -1, -1, -1).clone();
    }
}
