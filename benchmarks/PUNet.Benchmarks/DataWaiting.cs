using System.Diagnostics;
using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Batches;
using PUNet.Core.Imaging;
using PUNet.Core.Models.Promptable;
using static TorchSharp.torch;

namespace PUNet.Benchmarks;

/// <summary>
/// How long a pre-training step waits for its batch: <c>-- waiting</c>. The step is both students' forward and backward pass and the
/// teacher's forward pass; the losses are left out, so that the share is, if anything, too large.
/// </summary>
internal static class DataWaiting
{
    private const int Warm = 2;

    /// <summary>Prints a line for the quick start's and one for the paper's view sizes.</summary>
    public static void Run()
    {
        Console.WriteLine($"{"views",-12} {"crops",5} {"steps",5} {"s a step",9} {"ms a batch",10} {"waiting",8}");
        Measure("quick start", Sizes.QuickStart, batch: 8, steps: 40, new Extent(96, 96, 24));
        Measure("paper", Sizes.Paper, batch: 2, steps: 6, new Extent(280, 280, 60));
    }

    private static void Measure(string name, PromptableUNetConfiguration configuration, int batch, int steps, Extent volume)
    {
        var sampler = Sampler(configuration, batch, volume);
        using var network = new PromptableUNet(configuration, new RandomStream(1, "benchmark"));
        network.train();
        var alone = Stopwatch.StartNew();
        for (var i = 0; i < 4; i++) sampler.Training(1000 + i).Dispose();
        var made = alone.Elapsed / 4;
        using var loader = new BatchLoader<TrainingBatch>(sampler.Training, 0, Warm + steps);
        var (waiting, all) = (new Stopwatch(), new Stopwatch());
        for (var step = 0; step < Warm + steps; step++)
        {
            if (step == Warm) (waiting, all) = (new Stopwatch(), Stopwatch.StartNew());
            waiting.Start();
            using var views = loader.Next();
            waiting.Stop();
            Step(network, views);
        }
        var (total, waited) = (all.Elapsed.TotalSeconds, waiting.Elapsed.TotalSeconds);
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-12} {batch,5} {steps,5} {total / steps,9:0.000} {made.TotalMilliseconds,10:0.0} {waited / total,8:0.00%}"));
    }

    private static void Step(PromptableUNet network, TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        using (no_grad()) network.forward(batch.Teacher.Image, batch.Active);
        foreach (var student in batch.Students) network.forward(student.Image, batch.Active).Logits.square().mean().backward();
    }

    private static BatchSampler Sampler(PromptableUNetConfiguration configuration, int batch, Extent volume)
    {
        var views = new ViewOptions
        {
            Teacher = configuration.TeacherPatch,
            Students = [configuration.StudentPatch, configuration.SecondStudentPatch],
            ForegroundFraction = 0.5,
        };
        var random = new RandomStream(1, "volumes");
        var subjects = Enumerable.Range(0, 4).ToDictionary(i => $"{i}", i => Subject($"{i}", volume, random));
        return new BatchSampler(
            [.. subjects.Keys], id => subjects[id], new ViewSampler(views),
            new BatchOptions { BatchSize = batch, CropsPerVolume = 2, Classes = [1, 2] }, new RandomStream(1, "batches"));
    }

    private static CompactSubject Subject(string id, Extent extent, RandomStream random)
    {
        var (image, labels) = (new short[extent.Count], new byte[extent.Count]);
        for (var i = 0; i < image.Length; i++) (image[i], labels[i]) = ((short)random.Integer(-1000, 1000), (byte)(random.Integer(0, 100) / 98));
        return new CompactSubject(id, image, labels, extent, new Normalisation.Window(-1000, 1000));
    }
}
