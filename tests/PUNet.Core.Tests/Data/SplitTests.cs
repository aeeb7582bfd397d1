using FsCheck;
using FsCheck.Fluent;
using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Data.Splits;

namespace PUNet.Core.Tests.Data;

public sealed class SplitTests
{
    [Fact]
    public void Every_subject_lies_in_exactly_one_part_and_a_patient_never_in_two()
    {
        var cases = from n in Gen.Choose(1, 60)
                    from perPatient in Gen.Choose(1, 4)
                    from seed in Gen.Choose(0, 1000)
                    select (n, perPatient, seed);
        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var subjects = Subjects(x.n, i => $"p{i / x.perPatient}");
            var patients = subjects.ToDictionary(subject => subject.Id, subject => subject.Patient);
            var split = DatasetSplit.Seeded(subjects, new SplitShares(), (uint)x.seed);
            var all = split.Train.Concat(split.Validation).Concat(split.Test).ToList();
            bool Apart(IEnumerable<string> a, IEnumerable<string> b) => !a.Select(id => patients[id]).Intersect(b.Select(id => patients[id])).Any();
            return all.Count == x.n && all.Distinct().Count() == x.n
                && Apart(split.Train, split.Test) && Apart(split.Train, split.Validation) && Apart(split.Validation, split.Test);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Domains_are_split_each_on_its_own()
    {
        var subjects = Subjects(90, i => $"p{i}", domain: i => i < 43 ? "tcia" : "btcv");
        var split = DatasetSplit.Seeded(subjects, new SplitShares(), 1);
        Assert.Equal(9 + 10, split.Test.Count); // ⌈0.2 · 43⌉ + ⌈0.2 · 47⌉
        Assert.Equal(5 + 5, split.Validation.Count);
        Assert.Equal(["s3", "s2", "s24"], split.Test.Take(3)); // the published order of 43 subjects
    }

    [Fact]
    public void Over_all_folds_every_subject_tests_once_and_validates_once()
    {
        var subjects = Subjects(23, i => $"p{i / 2}");
        var folds = Enumerable.Range(0, 4).Select(fold => DatasetSplit.Fold(subjects, 4, fold, 7)).ToList();
        Assert.Equal(subjects.Select(s => s.Id).Order(), folds.SelectMany(fold => fold.Test).Order());
        Assert.Equal(subjects.Select(s => s.Id).Order(), folds.SelectMany(fold => fold.Validation).Order());
        Assert.All(folds, fold => Assert.Equal(23, fold.Train.Count + fold.Validation.Count + fold.Test.Count));
        Assert.Throws<ConfigurationException>(() => DatasetSplit.Fold(subjects, 2, 0, 7));
    }

    [Fact]
    public void Folds_differ_by_one_patient_at_most_and_a_patient_who_comes_last_moves_nobody()
    {
        for (var n = 5; n < 40; n++)
        {
            var (before, after) = (Subjects(n, i => $"p{i}"), Subjects(n + 1, i => $"p{i}"));
            var folds = Enumerable.Range(0, 5).Select(fold => DatasetSplit.Fold(before, 5, fold, 3).Test).ToList();
            Assert.InRange(folds.Max(fold => fold.Count) - folds.Min(fold => fold.Count), 0, 1);
            for (var fold = 0; fold < 5; fold++) Assert.Equal(folds[fold], DatasetSplit.Fold(after, 5, fold, 3).Test.Where(id => id != $"s{n}"));
        }
        var subjects = Subjects(20, i => $"p{i}");
        var tested = Enumerable.Range(0, 20).Select(seed => string.Join(" ", DatasetSplit.Fold(subjects, 5, 0, (uint)seed).Test));
        Assert.InRange(tested.Distinct().Count(), 15, 20);
    }

    [Fact]
    public void The_dataset_s_own_split_is_taken_as_it_is_unless_a_patient_leaks()
    {
        var subjects = Subjects(4, i => $"p{i}", part: i => (Part)(i % 3));
        Assert.Equal(["s0", "s3"], DatasetSplit.Given(subjects).Train);
        Assert.Equal(["s2"], DatasetSplit.Given(subjects)[Part.Test]);
        var leaking = Subjects(3, _ => "same", part: i => (Part)i);
        Assert.Contains(
            "'same' does, with s0 (Train), s1 (Validation), s2 (Test)",
            Assert.Throws<ConfigurationException>(() => DatasetSplit.Given(leaking)).Message);
        Assert.Contains("assigns no part to 's0'", Assert.Throws<ConfigurationException>(() => DatasetSplit.Given(Subjects(1, i => "p"))).Message);
    }

    [Fact]
    public void Shares_that_do_not_sum_to_one_are_refused_with_their_sum()
    {
        var refused = Assert.Throws<ConfigurationException>(() => DatasetSplit.Seeded(Subjects(5, i => $"p{i}"), new SplitShares(0.7, 0.2, 0.2), 1));
        Assert.Contains("sum to 1.1", refused.Message);
    }

    [Fact]
    public void The_first_annotated_are_the_first_of_the_training_order()
    {
        var split = DatasetSplit.Seeded(Subjects(20, i => $"p{i}"), new SplitShares(), 1);
        Assert.Equal(["s0", "s4", "s13"], split.FirstAnnotated(3).Train);
        Assert.Equal(split.Test, split.FirstAnnotated(3).Test);
        Assert.Contains("1…14", Assert.Throws<ArgumentOutOfRangeException>(() => split.FirstAnnotated(15)).Message);
    }

    [Fact]
    public void A_pattern_finds_the_patient_in_every_id_or_is_refused()
    {
        SubjectFiles[] subjects = [new("p1_a", "", "", Patient: "other"), new("p1_b", "", ""), new("p22_a", "", "")];
        Assert.Equal(["p1", "p1", "p22"], SubjectPatients.Assign(subjects, "^[^_]+").Select(subject => subject.Patient));
        Assert.Equal(["1", "1", "22"], SubjectPatients.Assign(subjects, @"^p(\d+)_").Select(subject => subject.Patient));
        Assert.Same(subjects, SubjectPatients.Assign(subjects, null));
        Assert.Contains("it does not match 'p22_a'", Assert.Throws<ConfigurationException>(() => SubjectPatients.Assign(subjects, "^p1")).Message);
    }

    private static List<SubjectOrigin> Subjects(int n, Func<int, string> patient, Func<int, Part?>? part = null, Func<int, string>? domain = null) =>
        [.. Enumerable.Range(0, n).Select(i =>
            new SubjectOrigin($"s{i}", part?.Invoke(i), patient(i), domain?.Invoke(i), new("a", ""), new("b", ""), ""))];
}
