using System.Text.Json;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data.Prepared;

/// <summary>
/// A prepared dataset as nnU-Net reads it raw: training and validation subjects in <c>imagesTr</c> and <c>labelsTr</c>, test subjects in
/// <c>imagesTs</c> and <c>labelsTs</c>, <c>dataset.json</c>, and the same training and validation subjects as fold 0 in
/// <c>splits_final.json</c>, which belongs into nnU-Net's folder of preprocessed data.
/// </summary>
public static class NnUNetExport
{
    private const string Ending = ".nii.gz";

    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    /// <summary>Writes it.</summary>
    /// <param name="dataset">Opened whole.</param>
    /// <param name="folder">A new or empty folder; a failed export leaves none.</param>
    /// <returns>How many subjects were written.</returns>
    /// <exception cref="ConfigurationException">The folder has something in it.</exception>
    public static int Write(PreparedDataset dataset, string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new ConfigurationException([$"{folder} has something in it. Name a new or an empty folder."]);
        var isNew = !Directory.Exists(folder);
        try
        {
            var training = dataset[Part.Train].Concat(dataset[Part.Validation]).ToList();
            foreach (var (subjects, ending) in new[] { (training, "Tr"), ([.. dataset[Part.Test]], "Ts") })
                foreach (var subject in subjects) Copy(dataset, subject.Id, folder, ending);
            WriteText(folder, "dataset.json", Description(dataset, training.Count));
            WriteText(folder, "splits_final.json", new[] { new { train = Ids(dataset, Part.Train), val = Ids(dataset, Part.Validation) } });
            return dataset.Subjects.Count;
        }
        catch
        {
            if (isNew && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static void Copy(PreparedDataset dataset, string id, string folder, string ending)
    {
        var (images, labels) = (Path.Combine(folder, "images" + ending), Path.Combine(folder, "labels" + ending));
        Directory.CreateDirectory(images);
        Directory.CreateDirectory(labels);
        File.Copy(dataset.ImagePath(id), Path.Combine(images, $"{id}_0000{Ending}"));
        File.Copy(dataset.LabelPath(id), Path.Combine(labels, id + Ending));
    }

    /// <summary>nnU-Net clips a channel called CT to the foreground's intensities; any other name has each scan normalised by itself.</summary>
    private static object Description(PreparedDataset dataset, int training)
    {
        var labels = new Dictionary<string, int> { ["background"] = 0 };
        for (var i = 0; i < dataset.Classes.Count; i++) labels[dataset.Classes[i]] = i + 1;
        return new
        {
            channel_names = new Dictionary<string, string> { ["0"] = dataset.Normalisation is Normalisation.Window ? "CT" : "MR" },
            labels,
            numTraining = training,
            file_ending = Ending,
        };
    }

    private static IReadOnlyList<string> Ids(PreparedDataset dataset, Part part) => [.. dataset[part].Select(subject => subject.Id)];

    private static void WriteText(string folder, string name, object value) =>
        AtomicFile.WriteText(Path.Combine(folder, name), JsonSerializer.Serialize(value, _json) + "\n");
}
