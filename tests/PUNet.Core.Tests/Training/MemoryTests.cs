using System.Diagnostics;
using PUNet.Core.Common;
using PUNet.Core.Inference;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Training;

namespace PUNet.Core.Tests.Training;

[Collection(nameof(MemoryTests))]
public sealed class MemoryTests(PhantomWorkplace workplace) : IClassFixture<PhantomWorkplace>
{
    [Fact]
    public void Resident_memory_is_flat_over_300_steps_and_20_predictions()
    {
        var warm = 0L;
        void Measure(StageEvent happening)
        {
            if (happening is StageEvent.Progress { Done: 30 }) warm = Resident();
        }
        var folders = workplace.New();
        var options = PhantomWorkplace.Pretraining with { Recipe = PhantomWorkplace.Pretraining.Recipe with { Epochs = 3, CropsPerEpoch = 400 } };
        Pretraining.Run(options, workplace.Prepared, "cpu", folders, Measure, default);
        using var model = AdaptedModel.Load(folders.Output, null, TorchSharp.torch.CPU);
        var segmenter = new Segmenter(model.Parts[0], 0.5);
        var subject = workplace.Prepared.Load(workplace.Prepared[Part.Test][0].Id, model.Normalisation);
        for (var i = 0; i < 20; i++) segmenter.Margins(subject, [1], default);
        Assert.InRange(Resident(), 0, warm * 1.1);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}

/// <summary>Runs alone: what other tests allocate at the same time would count as growth.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTestsRunAlone;
