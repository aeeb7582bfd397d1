using PUNet.Core.Blocks;
using PUNet.Core.Common;
using PUNet.Core.Models.Baselines;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Models;

/// <summary>
/// A network that segments patches and embeds them, whatever its architecture; trained, stored, adapted and evaluated in one way.
/// It stays where it was built: a move or a conversion replaces and disposes the parameters, and whatever holds one (an
/// optimiser, a teacher, a state for a checkpoint) would hold an empty handle.
/// <para>Every module and every loss computes in a method <c>forward</c>, in lower case as TorchSharp's own modules do.</para>
/// </summary>
public abstract class SegmentationNetwork : nn.Module
{
    /// <exception cref="ConfigurationException">The configuration has faults.</exception>
    private protected SegmentationNetwork(string name, NetworkConfiguration configuration) : base(name)
    {
        ConfigurationException.ThrowIfAny(configuration.Faults());
        Configuration = configuration;
    }

    /// <summary>Where its parameters lie: the CPU in 32 bits, unless <see cref="Build"/> was given another place.</summary>
    public NetworkPlace Place { get; private set; } = CPU;

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
    /// <param name="initialisation">Draws the initial parameters; the same stream gives the same values on every device.</param>
    /// <param name="place">Where it stays; null: on the CPU in 32 bits.</param>
    /// <exception cref="ConfigurationException">The configuration has faults.</exception>
    public static SegmentationNetwork Build(NetworkConfiguration configuration, RandomStream initialisation, NetworkPlace? place = null)
    {
        SegmentationNetwork network = configuration switch
        {
            PromptableUNetConfiguration own => new PromptableUNet(own, initialisation),
            BaselineConfiguration own => new BaselineNetwork(own, initialisation),
            _ => throw new ArgumentException($"There is no network for a {configuration.GetType().Name}.", nameof(configuration)),
        };
        network.Settle(place ?? network.Place);
        return network;
    }

    /// <inheritdoc/>
    public override void train(bool train = true)
    {
        base.train(train);
        if (!train || !FreezeStatistics) return;
        foreach (var norm in modules().OfType<TorchSharp.Modules.BatchNorm>())
            if (!norm.weight.requires_grad) norm.eval();
    }

    /// <summary>Segments a batch of patches.</summary>
    /// <param name="image">[B, C_in, H, W, D], intensities in [−1, 1]; brought to the network's place; so are the results.</param>
    /// <param name="active">The active classes of the B elements; a fixed output layer gives all its classes whatever is active.</param>
    /// <param name="promptsInBlocks">Whether the attention blocks see the active classes' prompts; never with the fixed output layer.</param>
    /// <returns>Logits at the image's size and the embedding; the caller disposes them or has a scope.</returns>
    /// <exception cref="ArgumentException">Image and active classes do not fit each other or the configuration.</exception>
    public NetworkOutput forward(Tensor image, ActiveClasses active, bool promptsInBlocks = true)
    {
        using var precision = MixedPrecision.Begin(Precision);
        using var here = image.to(Place.Type, Place.Device);
        return Compute(here, active, promptsInBlocks);
    }

    /// <summary>The forward pass of the architecture; see <see cref="forward"/>.</summary>
    private protected abstract NetworkOutput Compute(Tensor image, ActiveClasses active, bool promptsInBlocks);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always.</exception>
    protected sealed override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => throw Stays();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always.</exception>
    protected sealed override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => throw Stays();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always.</exception>
    protected sealed override nn.Module _to(ScalarType dtype, bool non_blocking) => throw Stays();

    /// <summary>What a tensor of the state is for.</summary>
    public abstract ParameterRole RoleOf(string name);

    /// <summary>The class a tensor of the state belongs to; null where all classes share it.</summary>
    public virtual int? ClassOf(string name) => null;

    /// <summary>Whether a tensor of the body lies in the decoder, which the variant of that name trains.</summary>
    public abstract bool IsInDecoder(string name);

    /// <summary>The one move, before anything but this network holds its parameters.</summary>
    private void Settle(NetworkPlace place)
    {
        if (place.Type != Place.Type) base._to(place.Type, false);
        if (place.Device.type != DeviceType.CPU) base._to(place.Device.type, place.Device.index, false);
        Place = place;
    }

    private static InvalidOperationException Stays() => new(
        "A network stays where it was built, because a move or a conversion disposes the parameters that others hold. "
        + "Build or load it on its device and in its type (NetworkPlace).");
}
