using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Losses;

/// <summary>
/// CPA, the self-supervised loss (method.md, section 3): a teacher's positions are softly assigned to prototypes, found by a
/// spatially weighted k-means on its embedding, and the student has to assign the same places of the subject alike.
/// Letters: B crops, v reduced teacher positions, P prototypes, C channels. Crops never see each other.
/// </summary>
public sealed class ContrastivePrototypeAssignment
{
    private const double WidthPerSigma = 2.355;
    private const double SmallestProbability = 1e-16;
    private const double SmallestMass = 1e-37; // a prototype that nothing is assigned to becomes 0 instead of NaN
    private readonly ContrastivePrototypeAssignmentOptions _options;

    /// <exception cref="ConfigurationException">The options have faults.</exception>
    public ContrastivePrototypeAssignment(ContrastivePrototypeAssignmentOptions? options = null)
    {
        _options = options ?? new ContrastivePrototypeAssignmentOptions();
        ConfigurationException.ThrowIfAny(_options.Faults());
    }

    /// <summary>One loss per student, each a mean over its crops; their weighted sum is the training's affair.</summary>
    /// <param name="teacher">F^t [B, C, h, w, d]; no gradient reaches it.</param>
    /// <param name="teacherCoordinates">Of the teacher's view [B, 3, H, W, D], in voxels.</param>
    /// <param name="students">Embeddings of the same crops.</param>
    /// <returns>Scalars, float32; 0 for a student without any position near a teacher's.</returns>
    public IReadOnlyList<Tensor> forward(Tensor teacher, Tensor teacherCoordinates, IReadOnlyList<StudentEmbedding> students)
    {
        using var assignment = Assign(teacher, teacherCoordinates);
        return [.. students.Select(student => Loss(student, assignment))];
    }

    /// <summary>Steps 1 to 3: seeds, k-means, and the teacher's assignment Q^t.</summary>
    /// <param name="teacher">F^t [B, C, h, w, d].</param>
    /// <param name="coordinates">[B, 3, H, W, D], in voxels.</param>
    public TeacherAssignment Assign(Tensor teacher, Tensor coordinates)
    {
        Check(teacher, coordinates);
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var embedding = teacher.detach().to_type(ScalarType.Float32);
        var reduced = Grid.Reduced(embedding, _options.Reduction);
        var seeds = Grid.Reduced(embedding, _options.PrototypeReduction);
        var (features, places) = (Grid.Positions(embedding, reduced), Places(coordinates, reduced)); // [B, v, C], [B, v, 3]
        var centre = places.mean([1], keepdim: true); // distances from expanded squares stay exact near 0
        var parts = Grid.Chunks(features.shape[0], reduced.Count * seeds.Count, embedding.device).Select(crops => Cluster(
            features.narrow(0, crops.First, crops.Count), places.Minus(centre).narrow(0, crops.First, crops.Count),
            Grid.Positions(embedding.narrow(0, crops.First, crops.Count), seeds),
            Places(coordinates, seeds).Minus(centre).narrow(0, crops.First, crops.Count))).ToList();
        return new(
            cat(parts.Select(part => part.Prototypes).ToList()).DetachFromDisposeScope(),
            cat(parts.Select(part => part.Assignment).ToList()).DetachFromDisposeScope(),
            places.cpu().DetachFromDisposeScope(), reduced);
    }

    /// <summary>Step 4: the cross-entropy between the teacher's assignment and the student's at the same places.</summary>
    public Tensor Loss(StudentEmbedding student, TeacherAssignment teacher)
    {
        Check(student.Embedding, student.Coordinates);
        using var scope = NewDisposeScope();
        var device = student.Embedding.device;
        var target = Grid.Reduced(student.Embedding, _options.Reduction);
        var places = Places(Grid.Cut(student.Coordinates, student.Jitter), target).cpu();
        var matches = Matches.Find(places, teacher.Coordinates, (float)_options.MaximalDistance, device);
        var features = Grid.Positions(Grid.Cut(student.Embedding.to_type(ScalarType.Float32), student.Jitter), target);
        var prototypes = teacher.Prototypes.Over(_options.StudentTemperature).transpose(1, 2); // [B, C, P]
        var similarity = bmm(nn.functional.normalize(features, dim: 2), prototypes); // [B, v_s, P]
        var assignment = nn.functional.softmax(similarity.flatten(0, 1).index_select(0, matches.Student), 1); // [N, P]
        var wanted = teacher.Assignment.flatten(0, 1).index_select(0, matches.Teacher); // [N, P]
        // The published lower bound of −1e3 never binds: log 1e-16 = −37.
        var crossEntropy = (wanted * assignment.Plus(SmallestProbability).log()).sum(1); // [N]
        return (crossEntropy * matches.Weight).sum().neg().MoveToOuterDisposeScope();
    }

    /// <summary>Step 3 for some crops; <c>a</c> and the similarities are [b, v, P].</summary>
    private (Tensor Prototypes, Tensor Assignment) Cluster(Tensor features, Tensor places, Tensor prototypes, Tensor centres)
    {
        using var scope = NewDisposeScope();
        var directions = nn.functional.normalize(features, dim: 2);
        prototypes = nn.functional.normalize(prototypes, dim: 2);
        var averaged = cat([features, places, ones_like(places.narrow(2, 0, 1))], 2); // [b, v, C + 3 + 1]
        for (var i = 0; i < _options.Iterations; i++)
        {
            using var round = NewDisposeScope();
            var a = Assignment(directions, prototypes);
            if (_options.PrototypeWidth is { } width) a.mul_(SpatialWeight(places, centres, width));
            var sums = bmm(a.transpose(1, 2), averaged); // [b, P, C + 3 + 1]
            var mass = sums.narrow(2, sums.shape[2] - 1, 1).clamp_min(TensorArithmetic.Real(SmallestMass));
            prototypes = nn.functional.normalize(sums.narrow(2, 0, features.shape[2]) / mass, dim: 2).MoveToOuterDisposeScope();
            centres = (sums.narrow(2, features.shape[2], 3) / mass).MoveToOuterDisposeScope();
        }
        var assignment = Assignment(directions, prototypes);
        if (_options.TeacherWidth is { } teacherWidth) assignment.mul_(SpatialWeight(places, centres, teacherWidth));
        return (prototypes.MoveToOuterDisposeScope(), assignment.MoveToOuterDisposeScope());
    }

    private Tensor Assignment(Tensor directions, Tensor prototypes) =>
        nn.functional.softmax(bmm(directions, prototypes.transpose(1, 2)).div_(TensorArithmetic.Real(_options.TeacherTemperature)), 2);

    /// <summary><c>exp(−d²/2σ²)</c> of all positions and prototypes [b, v, P], by one product: −d² = 2x·u − |x|² − |u|².</summary>
    private static Tensor SpatialWeight(Tensor places, Tensor centres, double width)
    {
        var sigma = width / WidthPerSigma;
        var (squares, centreSquares) = (places.Squared().sum(2, keepdim: true), centres.Squared().sum(2, keepdim: true));
        var left = cat([places.Times(2), squares.neg(), ones_like(squares)], 2); // [b, v, 5]
        var right = cat([centres, ones_like(centreSquares), centreSquares.neg()], 2); // [b, P, 5]
        return bmm(left, right.transpose(1, 2)).clamp_max_(TensorArithmetic.Whole(0)).div_(TensorArithmetic.Real(2 * sigma * sigma)).exp_();
    }

    /// <summary>Coordinates at the positions of a reduced grid, depth scaled [B, v, 3].</summary>
    private Tensor Places(Tensor coordinates, Extent target)
    {
        using var noGradients = no_grad();
        return Grid.Positions(coordinates, target) * tensor([1f, 1f, (float)_options.DepthScale], device: coordinates.device);
    }

    private static void Check(Tensor embedding, Tensor coordinates)
    {
        if (embedding.dim() != 5 || coordinates.dim() != 5 || coordinates.shape[1] != 3 || coordinates.shape[0] != embedding.shape[0])
            throw new ArgumentException(
                "An embedding [B, C, h, w, d] and coordinates [B, 3, H, W, D] of the same crops are needed, "
                + $"not [{string.Join(", ", embedding.shape)}] and [{string.Join(", ", coordinates.shape)}].");
    }
}
