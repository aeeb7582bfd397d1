using PUNet.Core.Blocks;
using PUNet.Core.Common;
using PUNet.Core.Models.Baselines;
using static TorchSharp.torch;

namespace PUNet.Core.Models;

/// <summary>A network that segments patches and embeds them, whatever its architecture; trained, stored, adapted and evaluated in one way.</summary>
public abstract class SegmentationNetwork : nn.Module
{
    /// <exception cref="ConfigurationException">The configuration has faults.</exception>
    private protected SegmentationNetwork(string name, NetworkConfiguration configuration) : base(name)
    {
        ConfigurationException.ThrowIfAny(configuration.Validate());
        Configuration = configuration;
    }

    /// <summary>What the network was built from.</summary>
    public NetworkConfiguration Configuration { get; }

    /// <summary>
    /// Keeps the statistics of every normalisation whose parameters are frozen, also while training, so that a frozen
    /// backbone stays bit-identical. Deviation: the published implementation lets them follow the training data.
    /// Takes effect with the next <see cref="train"/>.
    /// </summary>
    public bool FreezeStatistics { get; set; }

    /// <summary>In which numbers the layers multiply; parameters and results stay 32-bit. Single, unless a training sets it.</summary>
    public ComputePrecision Precision { get; set; }

    /// <summary>A new network of the configuration's architecture.</summary>
    /// <param name="configuration">Shape and computation.</param>
    /// <param name="initialisation">Draws the initial parameters; the same stream gives the same network.</param>
    /// <exception cref="ConfigurationException">The configuration has faults.</exception>
    public static SegmentationNetwork Build(NetworkConfiguration configuration, RandomStream initialisation) => configuration switch
    {
        PromptableUNetConfiguration own => new PromptableUNet(own, initialisation),
        BaselineConfiguration own => new BaselineNetwork(own, initialisation),
        _ => throw new ArgumentException($"There is no network for a {configuration.GetType().Name}.", nameof(configuration)),
    };

    /// <inheritdoc/>
    public override void train(bool train = true)
    {
        base.train(train);
        if (!train || !FreezeStatistics) return;
        foreach (var norm in modules().OfType<TorchSharp.Modules.BatchNorm>())
            if (!norm.weight.requires_grad) norm.eval();
    }

    /// <summary>Segments a batch of patches.</summary>
    /// <param name="image">[B, C_in, H, W, D], float, intensities in [−1, 1].</param>
    /// <param name="active">The active classes of the B elements; a fixed output layer gives all its classes whatever is active.</param>
    /// <param name="selfSupervisedOnly">No prompts in the attention blocks; also for adaptations with the fixed output layer.</param>
    /// <returns>Logits at the image's size and the embedding; the caller disposes them or has a scope.</returns>
    /// <exception cref="ArgumentException">Image and active classes do not fit each other or the configuration.</exception>
    public NetworkOutput Forward(Tensor image, ActiveClasses active, bool selfSupervisedOnly = false)
    {
        using var precision = MixedPrecision.Begin(Precision);
        return Compute(image, active, selfSupervisedOnly);
    }

    /// <summary>The forward pass of the architecture; see <see cref="Forward"/>.</summary>
    private protected abstract NetworkOutput Compute(Tensor image, ActiveClasses active, bool selfSupervisedOnly);

    /// <summary>What a tensor of the state is for.</summary>
    public abstract ParameterRole RoleOf(string name);

    /// <summary>The class a tensor of the state belongs to; null where all classes share it.</summary>
    public virtual int? ClassOf(string name) => null;

    /// <summary>Whether a tensor of the body lies in the decoder, which the variant of that name trains.</summary>
    public abstract bool IsInDecoder(string name);
}
