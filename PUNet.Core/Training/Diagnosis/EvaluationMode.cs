using PUNet.Core.Common;
using PUNet.Core.Models;

namespace PUNet.Core.Training.Diagnosis;

/// <summary>A network as evaluations use it, in the midst of a training: evaluation mode, single precision. Disposed, it is as it was.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly SegmentationNetwork _network;
    private readonly bool _training;
    private readonly ComputePrecision _precision;

    public EvaluationMode(SegmentationNetwork network)
    {
        (_network, _training, _precision) = (network, network.training, network.Precision);
        network.eval();
        network.Precision = ComputePrecision.Single;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.train(_training);
        _network.Precision = _precision;
    }
}
