using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Data.Phantoms;

/// <summary>Writes CT-like phantoms with label maps: the quick start's dataset and the tests' source of volumes.</summary>
public static class PhantomGenerator
{
    /// <summary>Class names in label order; the class of name i has the label i + 1.</summary>
    public static IReadOnlyList<string> Classes => PhantomAnatomy.Classes;

    /// <summary>One phantom: the same for the same options, seed and index, on every machine of one kind.</summary>
    /// <param name="options">Which phantoms.</param>
    /// <param name="index">From 0.</param>
    public static (Volume Image, LabelMap Labels) Make(PhantomOptions options, int index) =>
        PhantomScan.Take(options, index, new RandomStream(options.Seed, "phantoms").Child($"{index}"));

    /// <summary>
    /// Writes <c>images/phantom_NNN.nii.gz</c> (int16 HU), <c>labels/phantom_NNN.nii.gz</c> and <c>classes.json</c> (label → name).
    /// </summary>
    /// <param name="options">Which phantoms.</param>
    /// <param name="folder">Made if missing.</param>
    /// <param name="report">Progress in subjects.</param>
    /// <param name="cancellation">Stops between subjects.</param>
    /// <exception cref="ConfigurationException">The options have faults.</exception>
    public static void Write(PhantomOptions options, string folder, Action<StageEvent> report, CancellationToken cancellation)
    {
        ConfigurationException.ThrowIfAny(options.Faults());
        var images = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        var labels = Directory.CreateDirectory(Path.Combine(folder, "labels")).FullName;
        var (gate, done) = (new object(), 0);
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, options.Subjects, parallel, i =>
        {
            var phantom = Make(options, i);
            var name = $"phantom_{i + 1:000}.nii.gz";
            NiftiWriter.Write(Path.Combine(images, name), phantom.Image, NiftiType.Int16);
            NiftiWriter.Write(Path.Combine(labels, name), phantom.Labels);
            lock (gate) report(new StageEvent.Progress("subject", ++done, options.Subjects, name));
        });
        var entries = Classes.Select((name, i) => $"  \"{i + 1}\": \"{name}\"");
        AtomicFile.WriteText(Path.Combine(folder, "classes.json"), $"{{\n{string.Join(",\n", entries)}\n}}\n");
    }
}
