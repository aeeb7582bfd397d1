using PUNet.Core.Common;
using PUNet.Core.Common.Settings;
using PUNet.Core.Data.Prepared;

namespace PUNet.Core.Data.Splits;

/// <summary>How subjects are divided into training, validation and test.</summary>
public abstract record SplitRule
{
    private const double Rounding = 1e-9;

    private SplitRule() { }

    /// <summary>70/10/20 with seed 1, as in the paper.</summary>
    public static SplitRule Paper { get; } = new Shares();

    /// <summary>Every fault of the rule, none if it can be used.</summary>
    public virtual IReadOnlyList<Fault> Faults() => Limits.Of(this, Rules);

    /// <summary>Which subjects are for training, validation and test.</summary>
    /// <exception cref="ConfigurationException">A part that the rule promises is empty, or the subjects cannot be divided so.</exception>
    public DatasetSplit Divide(IReadOnlyList<SubjectOrigin> subjects)
    {
        var split = Draw(subjects);
        split.MustHave(Promised);
        return split;
    }

    /// <summary>Share of a part, as far as the rule tells it; null where it does not.</summary>
    public virtual double? ShareOf(Part part) => null;

    /// <summary>Parts that have subjects.</summary>
    private protected abstract IEnumerable<Part> Promised { get; }

    private protected virtual IEnumerable<Fault> Rules() => [];

    private protected abstract DatasetSplit Draw(IReadOnlyList<SubjectOrigin> subjects);

    /// <summary>By the data's own parts; every training reads the first.</summary>
    public sealed record Given : SplitRule
    {
        private protected override IEnumerable<Part> Promised => [Part.Train];

        private protected override DatasetSplit Draw(IReadOnlyList<SubjectOrigin> subjects) => DatasetSplit.Given(subjects);
    }

    /// <summary>By shares of the subjects, shuffled by the seed (method.md, section 5).</summary>
    public sealed record Shares : SplitRule
    {
        /// <summary>Share of the training subjects.</summary>
        [Within(0, 1, Limits.Share)]
        public double Train { get; init; } = 0.7;

        /// <summary>Share of the validation subjects.</summary>
        [Within(0, 1, Limits.Share)]
        public double Validation { get; init; } = 0.1;

        /// <summary>Share of the test subjects.</summary>
        [Within(0, 1, Limits.Share)]
        public double Test { get; init; } = 0.2;

        /// <summary>Seed of the shuffle.</summary>
        [Within(0, int.MaxValue, "")]
        public int Seed { get; init; } = 1;

        /// <inheritdoc/>
        public override double? ShareOf(Part part) => part switch { Part.Train => Train, Part.Validation => Validation, _ => Test };

        private protected override IEnumerable<Part> Promised => Enum.GetValues<Part>().Where(part => ShareOf(part) > 0);

        private protected override DatasetSplit Draw(IReadOnlyList<SubjectOrigin> subjects) =>
            DatasetSplit.Seeded(subjects, new SplitShares(Train, Validation, Test), (uint)Seed);

        private protected override IEnumerable<Fault> Rules()
        {
            var sum = Train + Validation + Test;
            if (Math.Abs(sum - 1) > Rounding)
                yield return new Fault(
                    "split", "the split does not sum to 1", "train, validation and test share all subjects",
                    FormattableString.Invariant($"{Train} + {Validation} + {Test} = {Math.Round(sum, 6)}"));
            else if (!(Train > 0))
                yield return new Fault("train", "no subject trains", "a split has a training part", "train 0", "give train a share above 0");
        }
    }

    /// <summary>One fold of a cross-validation: it tests, the next one validates, the others train.</summary>
    public sealed record Fold : SplitRule
    {
        /// <summary>How many there are.</summary>
        [Within(3, 10_000, "no dataset has so many patients", WhyLowest = "one fold tests, one validates and the others train")]
        public int Folds { get; init; } = 5;

        /// <summary>The fold that tests, from 0.</summary>
        public int Index { get; init; }

        /// <summary>Seed of the shuffle.</summary>
        [Within(0, int.MaxValue, "")]
        public int Seed { get; init; } = 1;

        private protected override IEnumerable<Part> Promised => Enum.GetValues<Part>();

        private protected override DatasetSplit Draw(IReadOnlyList<SubjectOrigin> subjects) => DatasetSplit.Fold(subjects, Folds, Index, (uint)Seed);

        private protected override IEnumerable<Fault> Rules()
        {
            if (Index < 0 || Index >= Folds)
                yield return new Fault("fold", $"fold is {Index}", $"with {Folds} folds it is from 0 to {Folds - 1}", $"{Index}");
        }
    }
}
