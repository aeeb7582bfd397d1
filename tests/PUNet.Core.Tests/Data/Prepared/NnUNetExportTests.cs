using System.Text.Json;
using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Layouts;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Tests.Training;

namespace PUNet.Core.Tests.Data.Prepared;

public sealed class NnUNetExportTests : IClassFixture<PhantomWorkplace>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PreparedDataset _dataset;

    public NnUNetExportTests(PhantomWorkplace workplace) => _dataset = PreparedDataset.Open(workplace.Prepared.Folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_dataset_goes_out_as_nnU_Net_has_it_and_comes_back_through_its_layout()
    {
        var folder = _folder.File("Dataset001_Phantoms");
        Assert.Equal(4, NnUNetExport.Write(_dataset, folder));
        var back = new NnUNet().Read(folder, file => file);
        Assert.Equal(3, back.Subjects.Count);
        Assert.Equal(_dataset.Classes, back.Labels!.OrderBy(label => label.Key).Select(label => label.Value));
        var id = _dataset[Part.Train][0].Id;
        var subject = back.Subjects.Single(found => found.Id == id);
        Assert.Equal(_dataset.LoadImage(id).Data, NiftiFile.ReadVolume(subject.ImagePath).Data);
        Assert.True(File.Exists(Path.Combine(folder, "imagesTs", _dataset[Part.Test][0].Id + "_0000.nii.gz")));
        using var description = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "dataset.json")));
        Assert.Equal(3, description.RootElement.GetProperty("numTraining").GetInt32());
        Assert.Equal(".nii.gz", description.RootElement.GetProperty("file_ending").GetString());
        Assert.Equal("CT", description.RootElement.GetProperty("channel_names").GetProperty("0").GetString());
        using var splits = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "splits_final.json")));
        var held = splits.RootElement[0].GetProperty("val").EnumerateArray().Select(id => id.GetString());
        Assert.Equal(_dataset[Part.Validation].Select(found => found.Id), held);
    }

    [Theory]
    [InlineData("\"numTraining\": 3", "\"numTraining\": 5", "says numTraining 5, labelsTr has 3")]
    [InlineData(".nii.gz\"", ".nrrd\"", "says file_ending \".nrrd\"")]
    [InlineData("\"0\": \"CT\"", "\"1\": \"CT\"", "names the channels 1 (CT), not 0")]
    public void A_description_that_the_folder_does_not_keep_is_told(string said, string instead, string told)
    {
        var folder = _folder.File("Dataset001_Phantoms");
        NnUNetExport.Write(_dataset, folder);
        var path = Path.Combine(folder, "dataset.json");
        var text = File.ReadAllText(path);
        Assert.Contains(said, text);
        File.WriteAllText(path, text.Replace(said, instead));
        Assert.Contains(told, Assert.Throws<DatasetException>(() => new NnUNet().Read(folder, file => file)).Message);
    }

    [Fact]
    public void Nothing_is_written_over_what_is_there()
    {
        File.WriteAllText(_folder.File("mine.txt"), "mine");
        Assert.Contains("has something in it", Assert.Throws<ConfigurationException>(() => NnUNetExport.Write(_dataset, _folder.Path)).Message);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }
}
