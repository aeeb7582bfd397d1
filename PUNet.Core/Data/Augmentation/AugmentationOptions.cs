namespace PUNet.Core.Data.Augmentation;

/// <summary>Probabilities and ranges of a view's augmentation (method.md, section 4). Defaults: the student's.</summary>
public sealed record AugmentationOptions
{
    /// <summary>The published augmentation of the students.</summary>
    public static AugmentationOptions Student { get; } = new();

    /// <summary>The published augmentation of the teacher: no boxes, weaker shift and affine.</summary>
    public static AugmentationOptions Teacher { get; } = new()
    {
        CutOutProbability = 0,
        KeepOnlyProbability = 0,
        ShuffleProbability = 0,
        Shift = new(0, 0.1),
        HistogramPoints = new(12, 12),
        AffineProbability = 0.5,
        MaximalScaling = 0.1,
    };

    /// <summary>No augmentation at all.</summary>
    public static AugmentationOptions None { get; } = new AugmentationOptions().Scaled(0);

    /// <summary>Probability that boxes are replaced by noise; excludes the two below.</summary>
    public double CutOutProbability { get; init; } = 0.1;
    public BoxOptions CutOut { get; init; } = new(new(1, 3), new(5, 20));

    /// <summary>Probability that everything outside some boxes is replaced by noise.</summary>
    public double KeepOnlyProbability { get; init; } = 0.1;
    public BoxOptions KeepOnly { get; init; } = new(new(6, 6), new(48, 96));

    /// <summary>Probability that the voxels inside boxes are shuffled.</summary>
    public double ShuffleProbability { get; init; } = 0.1;
    public BoxOptions Shuffle { get; init; } = new(new(1, 3), new(5, 20));

    public double BiasFieldProbability { get; init; } = 0.1;
    public Interval BiasFieldCoefficient { get; init; } = new(0, 0.1);

    public double ShiftProbability { get; init; } = 0.1;

    /// <summary>Standard deviations of the image that are added.</summary>
    public Interval Shift { get; init; } = new(0, 0.25);

    public double ContrastProbability { get; init; } = 0.1;

    /// <summary>The exponent γ.</summary>
    public Interval ContrastGamma { get; init; } = new(0.5, 4.5);

    public double HistogramProbability { get; init; } = 0.1;
    public IntegerInterval HistogramPoints { get; init; } = new(8, 12);

    public double AffineProbability { get; init; } = 0.8;

    /// <summary>Radians, either way.</summary>
    public double MaximalRotation { get; init; } = 0.4;

    /// <summary>Off-diagonal entries of the shear, either way.</summary>
    public double MaximalShear { get; init; } = 0.025;

    /// <summary>Scales lie in 1 ± this.</summary>
    public double MaximalScaling { get; init; } = 0.25;

    /// <summary>The same ranges with every probability multiplied by a factor: 0 is no augmentation, 1 changes nothing.</summary>
    public AugmentationOptions Scaled(double strength) => this with
    {
        CutOutProbability = strength * CutOutProbability,
        KeepOnlyProbability = strength * KeepOnlyProbability,
        ShuffleProbability = strength * ShuffleProbability,
        BiasFieldProbability = strength * BiasFieldProbability,
        ShiftProbability = strength * ShiftProbability,
        ContrastProbability = strength * ContrastProbability,
        HistogramProbability = strength * HistogramProbability,
        AffineProbability = strength * AffineProbability,
    };

    /// <summary>The same with the probabilities of bias field, shift, contrast and histogram multiplied by a factor.</summary>
    public AugmentationOptions WithIntensities(double factor) => this with
    {
        BiasFieldProbability = factor * BiasFieldProbability,
        ShiftProbability = factor * ShiftProbability,
        ContrastProbability = factor * ContrastProbability,
        HistogramProbability = factor * HistogramProbability,
    };

    /// <summary>Every fault of these options, none if they can be used.</summary>
    /// <param name="of">Whose augmentation it is, for the messages: student or teacher.</param>
    public IEnumerable<string> Faults(string of)
    {
        (string Name, double Value)[] probabilities =
        [
            ("cut-out", CutOutProbability), ("keep-only", KeepOnlyProbability), ("shuffle", ShuffleProbability), ("bias field", BiasFieldProbability),
            ("shift", ShiftProbability), ("contrast", ContrastProbability), ("histogram", HistogramProbability), ("affine", AffineProbability),
            ("box", CutOutProbability + KeepOnlyProbability + ShuffleProbability),
        ];
        foreach (var (name, value) in probabilities)
            if (!(value >= 0 && value <= 1 + 1e-9)) yield return $"{of} augmentation: the {name} probability must lie in [0, 1], not {value}.";
        (string Name, double Value)[] sizes = [("rotation", MaximalRotation), ("shear", MaximalShear)];
        foreach (var (name, value) in sizes)
            if (!(value >= 0 && double.IsFinite(value)))
                yield return $"{of} augmentation: the maximal {name} must be finite and at least 0, not {value}.";
        if (!(MaximalScaling >= 0 && MaximalScaling < 1))
            yield return $"{of} augmentation: the maximal scaling must lie in [0, 1), not {MaximalScaling}.";
        foreach (var fault in RangeFaults()) yield return $"{of} augmentation: {fault}";
    }

    private IEnumerable<string> RangeFaults() =>
        BiasFieldCoefficient.Faults("the bias field's coefficient")
            .Concat(Shift.Faults("the shift"))
            .Concat(ContrastGamma.Faults("the contrast's gamma"))
            .Concat(ContrastGamma.Low > 0 ? [] : [$"the contrast's gamma must be positive, not {ContrastGamma.Low}."])
            .Concat(HistogramPoints.Faults("the number of histogram points", 3))
            .Concat(new[] { (CutOut, "cut-out"), (KeepOnly, "keep-only"), (Shuffle, "shuffle") }.SelectMany(box =>
                box.Item1.Boxes.Faults($"the number of {box.Item2} boxes", 1).Concat(box.Item1.Side.Faults($"the side of {box.Item2} boxes", 1))));
}
