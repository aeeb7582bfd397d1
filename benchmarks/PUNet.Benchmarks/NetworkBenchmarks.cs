using BenchmarkDotNet.Attributes;
using PUNet.Core.Common;
using PUNet.Core.Common.Native;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Benchmarks;

/// <summary>A pass of the network at the quick start's and at the paper's size.</summary>
public class NetworkBenchmarks
{
    private PromptableUNet? _network;
    private Tensor? _image;
    private ActiveClasses? _active;

    [Params("quick start", "paper")]
    public string Size { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ComputeThreads.Limit(Threads);
        var paper = Size == "paper";
        var configuration = paper ? Sizes.Paper : Sizes.QuickStart;
        _network = new PromptableUNet(configuration, new RandomStream(1, "benchmark"));
        _network.train();
        var patch = configuration.StudentPatch;
        var batch = paper ? 2 : 8;
        _image = rand([batch, 1, patch.H, patch.W, patch.D]);
        _active = ActiveClasses.Same(batch, 1);
    }

    [Benchmark]
    public void Predict()
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        _network!.forward(_image!, _active!);
    }

    [Benchmark]
    public void Train() => ForwardAndBackward();

    [Benchmark]
    public void TunePrompts()
    {
        ParameterGroups.TrainOnly(_network!, ParameterGroups.Trained(_network!, AdaptationVariant.PromptTune, [1]));
        ForwardAndBackward();
        ParameterGroups.TrainOnly(_network!, ParameterGroups.Of(_network!));
    }

    private void ForwardAndBackward()
    {
        using var scope = NewDisposeScope();
        _network!.forward(_image!, _active!).Logits.square().mean().backward();
    }
}
