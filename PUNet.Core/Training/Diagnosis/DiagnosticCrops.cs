using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Batches;
using PUNet.Core.Data.Prepared;
using static TorchSharp.torch;

namespace PUNet.Core.Training.Diagnosis;

/// <summary>
/// A few crops to look at what a network does, of the first student's extent and without augmentation: every other one is centred on a voxel
/// of a class, class by class in turn, the others lie anywhere. They come from a stream of their own, so no training draws otherwise.
/// </summary>
internal sealed class DiagnosticCrops
{
    private const long MostVoxels = 1 << 21; // 41 crops of 224 × 224
    private const int Fewest = 8;
    private const long VoxelsPerBatch = 131_072; // as segmenting takes them
    private readonly Extent _patch;
    private readonly RandomStream _random;
    private readonly List<(string Subject, int? Class)> _places = [];

    /// <param name="subjects">Where crops may lie; at least one.</param>
    /// <param name="classes">Labels to centre crops on; one that no subject has is left out.</param>
    /// <param name="most">Most crops; fewer of a large extent.</param>
    /// <param name="patch">Their extent.</param>
    /// <param name="random">Where every draw comes from.</param>
    public DiagnosticCrops(IReadOnlyList<PreparedSubject> subjects, IReadOnlyList<int> classes, int most, Extent patch, RandomStream random)
    {
        (_patch, _random) = (patch, random);
        var carriers = classes.Select(label => (Label: label, Subjects: subjects.Where(subject => subject.ClassVoxels[label] > 0).ToList()))
            .Where(entry => entry.Subjects.Count > 0).ToList();
        var count = Math.Clamp(MostVoxels / patch.Count, Fewest, most);
        for (var i = 0; i < count; i++)
        {
            int? label = null;
            var among = subjects;
            if (i % 2 == 0 && carriers.Count > 0) (label, among) = carriers[i / 2 % carriers.Count];
            _places.Add((among[random.Integer(0, among.Count)].Id, label));
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _places.Count;

    /// <summary>The crops, subject by subject, in batches that fit into memory.</summary>
    /// <param name="load">Reads a subject; called once for each.</param>
    public IEnumerable<SubjectCrop[]> Batches(Func<string, ISubjectVoxels> load) =>
        _places.Index().GroupBy(place => place.Item.Subject).SelectMany(places =>
        {
            var subject = load(places.Key);
            return places.Select(place => Cut(subject, place.Item.Class, _random.Child($"crop/{place.Index}")));
        }).Chunk((int)Math.Max(1, VoxelsPerBatch / _patch.Count));

    /// <summary>Images of crops [B, 1, H, W, D], on the CPU.</summary>
    public static Tensor Images(SubjectCrop[] crops)
    {
        var (h, w, d) = (crops[0].Extent.H, crops[0].Extent.W, crops[0].Extent.D);
        return tensor(crops.SelectMany(crop => crop.Image).ToArray(), [crops.Length, 1, h, w, d]);
    }

    private SubjectCrop Cut(ISubjectVoxels subject, int? label, RandomStream random)
    {
        var centre = label is { } wanted ? ForegroundVoxel.Draw(subject, [wanted], random) : null;
        return SubjectCrop.Cut(
            subject, Extent.From(axis => ViewSampler.Start(subject.Extent[axis], _patch[axis], centre?[axis], random)), _patch);
    }
}
