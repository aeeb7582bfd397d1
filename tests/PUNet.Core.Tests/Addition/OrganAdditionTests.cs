using PUNet.Core.Addition;
using PUNet.Core.Common;
using PUNet.Core.Data.Layouts;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Inference.Prediction;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Tests.Training;
using PUNet.Core.Training;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Addition;

public sealed class OrganAdditionTests : IClassFixture<PhantomWorkplace>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PhantomWorkplace _workplace;
    private readonly string _backbone;

    public OrganAdditionTests(PhantomWorkplace workplace)
    {
        _workplace = workplace;
        _backbone = Backbone(1);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_organ_that_the_backbone_never_heard_of_becomes_a_file_that_works_with_the_backbone_alone()
    {
        var before = ModelFolder.BackboneHash(_backbone);
        var file = _folder.File("aorta.safetensors");
        var added = Add(Request("aorta", 8), file);
        Assert.Equal(before, ModelFolder.BackboneHash(_backbone));
        Assert.Equal(3, added.Learned.Count);
        var (scan, dice) = Assert.Single(added.HeldOut);
        Assert.DoesNotContain(scan, added.Learned);
        Assert.InRange(dice!.Value, 0, 100);
        Assert.Equal(["aorta"], AdapterCard.Read(file).ClassNames);

        using var predictor = new Predictor(_backbone, [file], new PredictionOptions(), CPU);
        Assert.Equal(["liver", "right kidney", "aorta"], predictor.Classes.Select(known => known.Name));
        var value = predictor.Classes[^1].Value;
        Assert.Equal(9, value); // 8 is another class of the backbone's dataset

        // the mask that its evaluation scored
        var image = new PairedFolders().List(_workplace.Source).First(subject => subject.Id == scan);
        using var alone = new Predictor(_backbone, [file], new PredictionOptions { Classes = ["aorta"] }, CPU);
        var mask = NiftiFile.ReadLabels(alone.Predict(scan, image.ImagePath, _folder.Path, _ => { }, default).LabelMap);
        var reference = NiftiFile.ReadLabels(image.LabelPath);
        var (both, sum) = (0L, 0L);
        for (var i = 0; i < mask.Data.Length; i++)
        {
            both += mask.Data[i] == value && reference.Data[i] == 8 ? 1 : 0;
            sum += (mask.Data[i] == value ? 1 : 0) + (reference.Data[i] == 8 ? 1 : 0);
        }
        Assert.Equal(200.0 * both / sum, dice.Value, 1e-9);
    }

    [Fact]
    public void Adapters_of_several_organs_keep_their_masks_beside_each_other()
    {
        var (first, second) = (_folder.File("first.safetensors"), _folder.File("second.safetensors"));
        Add(Request("first", 2), first);
        Add(Request("second", 3), second);
        using var both = new Predictor(_backbone, [first, second], new PredictionOptions { Split = true }, CPU);
        Assert.Equal(4, both.Classes.Select(known => known.Value).Distinct().Count());
        Assert.Equal(["first", "second"], both.Classes.Skip(2).Select(known => known.Name));
    }

    [Fact]
    public void An_organ_of_the_backbones_own_dataset_takes_its_slot_and_its_value()
    {
        var file = _folder.File("bladder.safetensors");
        var added = Add(Request("bladder", 8), file);
        Assert.Equal([8], added.Card.NewClasses);
        using var predictor = new Predictor(_backbone, [file], new PredictionOptions(), CPU);
        Assert.Equal(new PredictedClass(8, "bladder"), predictor.Classes[^1]);
    }

    [Fact]
    public void An_adapter_fits_no_other_backbone_and_no_damage()
    {
        var file = _folder.File("aorta.safetensors");
        Add(Request("aorta", 8), file);
        var other = Backbone(2);
        Assert.Contains("Use them with the backbone", Assert.Throws<CheckpointException>(() => Open(other, file)).Message);
        var plain = _folder.File("plain.safetensors");
        File.Copy(Path.Combine(_backbone, "backbone.safetensors"), plain);
        Assert.Contains("is no adapter", Assert.Throws<CheckpointException>(() => Open(_backbone, plain)).Message);
        var bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
        Assert.Throws<CheckpointException>(() => Open(_backbone, file));
    }

    [Fact]
    public void Scans_and_labels_that_do_not_belong_together_are_told_and_nothing_is_written()
    {
        var file = _folder.File("organ.safetensors");
        var images = Path.Combine(_workplace.Source, "images");
        void Refused(OrganRequest request, string told)
        {
            Assert.Contains(told, Assert.Throws<ConfigurationException>(() => Add(request, file)).Message);
            Assert.False(File.Exists(file));
        }
        Refused(Request("organ", null), "Say which one is the organ: --label 1");
        Refused(Request("organ", 77), "No label map has the value 77; they hold 1, 2, 3, 4, 5, 6, 7, 8");
        Refused(Request("liver", 1), "The backbone has learned liver already");
        Refused(Request("organ", 1) with { Labels = _folder.Path }, "holds no NIfTI file");
        var strange = Directory.CreateDirectory(_folder.File("strange")).FullName;
        File.Copy(Directory.GetFiles(images)[0], Path.Combine(strange, "unlike.nii.gz"));
        Refused(Request("organ", 1) with { Labels = strange }, "No image of");
        File.Copy(Directory.GetFiles(images)[0], Path.Combine(strange, "seg_phantom_001.nii.gz"));
        Refused(Request("organ", 1) with { Labels = strange }, "3 of 4 images have no label map");
    }

    private OrganRequest Request(string name, int? label) =>
        new(name, Path.Combine(_workplace.Source, "images"), Path.Combine(_workplace.Source, "labels"), label);

    private AddedOrgan Add(OrganRequest request, string file)
    {
        var work = Directory.CreateDirectory(_folder.File(Guid.NewGuid().ToString("N"))).FullName;
        return OrganAddition.Run(request, PhantomWorkplace.Adaptation, _backbone, "cpu", work, file, (_, _) => { }, default);
    }

    private static void Open(string backbone, string file) => new Predictor(backbone, [file], new PredictionOptions(), CPU).Dispose();

    private string Backbone(long seed)
    {
        var folders = _workplace.New();
        var options = PhantomWorkplace.Pretraining;
        Pretraining.WriteStart(options with { Recipe = options.Recipe with { Seed = seed } }, _workplace.Prepared, folders);
        return folders.Output;
    }
}
