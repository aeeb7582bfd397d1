using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Inference;
using PUNet.Core.Tests.Training;
using PUNet.Core.Training;

namespace PUNet.Core.Tests.Data.Prepared;

public sealed class DatasetFacetTests(PhantomWorkplace workplace) : IClassFixture<PhantomWorkplace>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dataset.json", true, true, true)]
    [InlineData("subjects.json", false, false, false)]
    [InlineData("train/0001-a/image.nii.gz", false, true, false)]
    [InlineData("train/0002-b-2/subject.json", false, true, false)]
    [InlineData("test/0001-c/labels.nii.gz", false, false, true)]
    [InlineData("validation/0001-d/labels.nii.gz", false, false, false)]
    [InlineData("something else", true, true, true)]
    public void A_facet_holds_what_is_common_and_its_own_subjects(string path, bool description, bool training, bool test)
    {
        DatasetFacet[] facets = [DatasetFacet.Description, DatasetFacet.Training, DatasetFacet.Of(Part.Test), DatasetFacet.Whole];
        Assert.Equal([description, training, test, true], facets.Select(facet => facet.Holds(path)));
    }

    [Fact]
    public void Pre_training_opens_no_file_outside_the_training_and_the_validation_part()
    {
        var options = PhantomWorkplace.Pretraining with { Recipe = PhantomWorkplace.Pretraining.Recipe with { Epochs = 1, CropsPerEpoch = 4 } };
        MustBeEqual(
            DatasetFacet.TrainingAndValidation, 3,
            (dataset, folders) => Pretraining.Run(options, dataset, "cpu", folders, _ => { }, default));
    }

    [Fact]
    public void An_untrained_backbone_opens_no_subject() =>
        MustBeEqual(DatasetFacet.Description, 0, (dataset, folders) => Pretraining.WriteStart(PhantomWorkplace.Pretraining, dataset, folders));

    [Fact]
    public void Tuning_on_drawn_subjects_opens_no_file_outside_the_training_part()
    {
        var options = PhantomWorkplace.Adaptation with
        {
            Subjects = 1,
            Recipe = PhantomWorkplace.Adaptation.Recipe with { Epochs = 1, CropsPerEpoch = 4 },
        };
        var backbone = Untrained();
        MustBeEqual(DatasetFacet.Training, 2, (dataset, folders) => Adaptation.Run(options, backbone, dataset, "cpu", folders, _ => { }, default));
    }

    [Fact]
    public void Evaluation_opens_no_file_outside_the_part_that_it_scores()
    {
        var backbone = Untrained();
        var options = new EvaluationOptions { Classes = workplace.Names(1), Part = Part.Validation, Overlap = 0 };
        MustBeEqual(DatasetFacet.Of(Part.Validation), 1, (dataset, folders) =>
            Evaluation.Run(options, backbone, null, dataset, "cpu", folders, _ => { }, default));
    }

    [Fact]
    public void A_part_that_was_not_opened_is_not_there()
    {
        var dataset = PreparedDataset.Open(workplace.Prepared.Folder, DatasetFacet.Training);
        Assert.Contains("opened without its Test part", Assert.Throws<ArgumentException>(() => dataset[Part.Test]).Message);
        var test = workplace.Prepared[Part.Test][0].Id;
        Assert.Contains($"no subject '{test}'", Assert.Throws<ArgumentException>(() => dataset.LoadImage(test)).Message);
        Assert.Equal("train", DatasetFacet.Training.ToString());
        Assert.Equal("train, validation", DatasetFacet.TrainingAndValidation.ToString());
    }

    [Fact]
    public void A_part_that_lacks_a_subject_is_refused()
    {
        var folder = Copy(_ => true);
        Directory.Delete(Directory.GetDirectories(Path.Combine(folder, "train")).Order().First(), recursive: true);
        Assert.Contains("subject number 1 is missing", Assert.Throws<DatasetException>(() => PreparedDataset.Open(folder)).Message);
    }

    private string Untrained()
    {
        var folders = workplace.New();
        Pretraining.WriteStart(PhantomWorkplace.Pretraining, workplace.Prepared, folders);
        return folders.Output;
    }

    /// <summary>Computes once from the whole dataset and once where nothing but the facet's files exists.</summary>
    private void MustBeEqual(DatasetFacet facet, int subjects, Action<PreparedDataset, StageFolders> compute)
    {
        var (whole, alone) = (workplace.New(), workplace.New());
        compute(PreparedDataset.Open(workplace.Prepared.Folder, facet), whole);
        var dataset = PreparedDataset.Open(Copy(facet.Holds), facet);
        Assert.Equal(subjects, dataset.Subjects.Count);
        compute(dataset, alone);
        foreach (var file in Directory.GetFiles(whole.Output, "*", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(file.Replace(whole.Output, alone.Output)));
    }

    private string Copy(Func<string, bool> holds)
    {
        var copy = _folder.File(Guid.NewGuid().ToString("N"));
        foreach (var file in Directory.GetFiles(workplace.Prepared.Folder, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(workplace.Prepared.Folder, file).Replace('\\', '/');
            if (!holds(path)) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, path))!);
            File.Copy(file, Path.Combine(copy, path));
        }
        return copy;
    }
}
