using System.Globalization;
using PUNet.Core.Common;
using PUNet.Core.Data.Prepared;

namespace PUNet.Core.Data.Splits;

/// <summary>Which subjects train, choose and test. The training order matters: "the first n annotated" keeps its first n.</summary>
/// <param name="Train">Ids.</param>
/// <param name="Validation">Ids.</param>
/// <param name="Test">Ids.</param>
public sealed record DatasetSplit(IReadOnlyList<string> Train, IReadOnlyList<string> Validation, IReadOnlyList<string> Test)
{
    /// <summary>The ids of one part.</summary>
    public IReadOnlyList<string> this[Part part] => part switch { Part.Train => Train, Part.Validation => Validation, _ => Test };

    /// <summary>Refuses a split that leaves a part without any subject.</summary>
    /// <param name="parts">Those that need one.</param>
    /// <exception cref="ConfigurationException">Names every empty one.</exception>
    public void MustHave(IEnumerable<Part> parts)
    {
        var sizes = $"train {Train.Count}, validation {Validation.Count}, test {Test.Count}";
        ConfigurationException.ThrowIfAny(parts.Where(part => this[part].Count == 0).Select(part =>
            $"The {part.ToString().ToLowerInvariant()} part has no subject after preparation ({sizes}). Add subjects, or change the split."));
    }

    /// <summary>The dataset's own split.</summary>
    /// <exception cref="ConfigurationException">A subject belongs to no part, or a patient to several.</exception>
    public static DatasetSplit Given(IReadOnlyList<SubjectOrigin> subjects)
    {
        if (subjects.FirstOrDefault(subject => subject.Part is null) is { } without)
            throw new ConfigurationException(
                [$"The dataset assigns no part to '{without.Id}', so it has no split of its own; state shares and a seed instead."]);
        var several = subjects.GroupBy(subject => subject.Patient)
            .Where(patient => patient.Select(subject => subject.Part).Distinct().Count() > 1)
            .ToList();
        ConfigurationException.ThrowIfAny(several.Select(patient =>
            $"One patient must not lie in several parts; '{patient.Key}' does, with "
                + $"{string.Join(", ", patient.Select(s => $"{s.Id} ({s.Part})"))}."));
        IReadOnlyList<string> Of(Part part) => [.. subjects.Where(subject => subject.Part == part).Select(subject => subject.Id)];
        return new DatasetSplit(Of(Part.Train), Of(Part.Validation), Of(Part.Test));
    }

    /// <summary>
    /// A shuffled split (method.md, section 5), drawn per domain. Scans of one patient stay together: patients are shuffled, in the
    /// order of their first scans.
    /// </summary>
    /// <param name="subjects">In order.</param>
    /// <param name="shares">Sum to 1.</param>
    /// <param name="seed">Of the published permutation; 1 in the paper.</param>
    /// <exception cref="ConfigurationException">The shares have faults.</exception>
    public static DatasetSplit Seeded(IReadOnlyList<SubjectOrigin> subjects, SplitShares shares, uint seed)
    {
        ConfigurationException.ThrowIfAny(shares.Faults());
        var (train, validation, test) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var domain in subjects.GroupBy(subject => subject.Domain ?? ""))
        {
            var patients = domain.GroupBy(subject => subject.Patient).ToList();
            var parts = Indices(patients.Count, shares, seed);
            foreach (var (indices, ids) in new[] { (parts.Train, train), (parts.Validation, validation), (parts.Test, test) })
                ids.AddRange(indices.SelectMany(i => patients[i]).Select(subject => subject.Id));
        }
        return new DatasetSplit(train, validation, test);
    }

    /// <summary>
    /// One fold of a k-fold cross-validation: it tests, the next one validates. Of every k patients that follow each other in the
    /// dataset's order each goes to another fold, drawn anew for each such block: folds are equally large but for one patient, and
    /// a patient who comes last leaves all others where they are.
    /// </summary>
    /// <param name="subjects">In order.</param>
    /// <param name="folds">k, at least 3.</param>
    /// <param name="fold">0…k−1.</param>
    /// <param name="seed">Of the draws.</param>
    /// <exception cref="ConfigurationException">Too few folds or patients, or no such fold.</exception>
    public static DatasetSplit Fold(IReadOnlyList<SubjectOrigin> subjects, int folds, int fold, uint seed)
    {
        var patients = subjects.GroupBy(subject => subject.Patient).ToList();
        if (folds < 3 || fold < 0 || fold >= folds || patients.Count < folds)
            throw new ConfigurationException(
                ["Cross-validation needs at least 3 folds, a fold below their number and as many patients as folds; "
                    + $"given fold {fold} of {folds} and {patients.Count} patients."]);
        var random = new RandomStream(seed, "folds");
        var block = Array.Empty<int>();
        var foldOf = new int[patients.Count];
        for (var i = 0; i < patients.Count; i++)
        {
            if (i % folds == 0) block = random.Child((i / folds).ToString(CultureInfo.InvariantCulture)).Permutation(folds);
            foldOf[i] = block[i % folds];
        }
        IReadOnlyList<string> Of(Func<int, bool> taken) =>
            [.. patients.Where((_, i) => taken(foldOf[i])).SelectMany(patient => patient).Select(subject => subject.Id)];
        var next = (fold + 1) % folds;
        return new DatasetSplit(Of(group => group != fold && group != next), Of(group => group == next), Of(group => group == fold));
    }

    /// <summary>Only the first n training subjects.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 or more than there are.</exception>
    public DatasetSplit FirstAnnotated(int n) => n >= 1 && n <= Train.Count
        ? this with { Train = [.. Train.Take(n)] }
        : throw new ArgumentOutOfRangeException(nameof(n), n, $"The number of annotated training subjects lies in 1…{Train.Count}.");

    /// <summary>Indices of n subjects: test = the first of π_n; of the rest, permuted anew, the first are validation.</summary>
    internal static (IReadOnlyList<int> Train, IReadOnlyList<int> Validation, IReadOnlyList<int> Test) Indices(int n, SplitShares shares, uint seed)
    {
        var (test, validation) = shares.Sizes(n);
        var order = new MersenneTwister(seed).Permutation(n);
        var rest = order[test..];
        var again = Array.ConvertAll(new MersenneTwister(seed).Permutation(rest.Length), i => rest[i]);
        return (again[validation..], again[..validation], order[..test]);
    }
}
