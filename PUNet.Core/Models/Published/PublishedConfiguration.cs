using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Levels;
using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Common;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Models.Published;

/// <summary>
/// The configuration of a published network, from the shapes of its tensors, its hyper-parameters, and what a person says:
/// sources that contradict each other are an error, and what none of them tells is an assumption that is told.
/// </summary>
internal sealed class PublishedConfiguration
{
    private const int EncoderLevels = 5;
    private const int MostUnseen = 128;
    private const double PublishedTemperature = 0.1;

    private readonly string _path;
    private readonly PublishedShapes _shapes;
    private readonly HyperParameters _given;
    private readonly List<string> _assumptions = [];

    private PublishedConfiguration(PublishedCheckpoint checkpoint) =>
        (_path, _shapes, _given) = (checkpoint.Path, new PublishedShapes(checkpoint.Shapes), checkpoint.HyperParameters);

    /// <summary>Settles every setting.</summary>
    /// <returns>The configuration, and sentences about what was assumed.</returns>
    /// <exception cref="CheckpointException">The file is of another kind of network, contradicts itself, or has a setting that is not
    /// built.</exception>
    public static (PromptableUNetConfiguration Network, IReadOnlyList<string> Assumptions) Of(PublishedCheckpoint checkpoint, ImportOptions options)
    {
        var settling = new PublishedConfiguration(checkpoint);
        settling.RefuseOthers();
        var network = settling.Patches(settling.Sizes(options), options);
        if (network.Faults() is { Count: > 0 } faults)
            throw new CheckpointException($"{checkpoint.Path} describes a network that cannot be built: {string.Join(" ", faults)}");
        settling.CompareKernels(network);
        return (network, settling._assumptions);
    }

    /// <summary>Compares a configuration that a file states as a whole with its tensors, before a network of that size is built.</summary>
    /// <exception cref="CheckpointException">They contradict each other.</exception>
    public static void Confirm(PublishedCheckpoint checkpoint, PromptableUNetConfiguration network)
    {
        var settling = new PublishedConfiguration(checkpoint);
        if (!settling._shapes.IsNetwork || !settling._shapes.HasPools) throw settling.Fault("lacks tensors of the network that it describes");
        settling.Settled("pool_size", 0, settling._shapes.PoolSize, Stated("pool_size", network.PoolSize));
        settling.Settled("tokens_per_class", 0, settling._shapes.TokensPerClass, Stated("tokens_per_class", network.TokensPerClass));
        settling.Settled("in_channels", 0, settling._shapes.InChannels, Stated("in_channels", network.InChannels));
        for (var level = 0; level < EncoderLevels; level++)
            settling.Settled("channels", 0, settling._shapes.Channels[level], Stated("channels", network.Channels[level]));
        if (settling._shapes.Window is { } window) settling.Settled("window", default, window, Stated("window", network.Window));
        if (settling._shapes.Heads is { } heads) settling.Settled("heads", 0, heads, Stated("heads", network.Heads));
        if (network.FixedOutputChannels is { } outputs)
            settling.Settled("fixed_output_channels", 0, settling._shapes.FixedOutputs, Stated("fixed_output_channels", outputs));
        settling.CompareCode(network.BiasScores == BiasScores.Vit, network.TeacherPatch);

        static Evidence<T> Stated<T>(string name, T value) => new(value, $"its header tells {name} {value}");
    }

    private void RefuseOthers()
    {
        if (_given.Text("architecture") is { } kind && kind is not ("wip" or "wip_simple"))
            throw Fault($"holds the baseline '{kind}', not a prompt-able UNet");
        if (!_shapes.IsNetwork) throw Fault("holds no prompt-able UNet of five encoder levels: its stem or an encoder level is missing");
        foreach (var (name, built) in new[]
            { ("depth_cnn_encoder", 1), ("depth_sia_encoder", EncoderLevels), ("depth_sia_decoder", EncoderLevels - 1) })
            if (_given.Number(name) is { } other && other != built) throw Fault($"has {name} {other}; only {built} is built");
        if (_given.Flag("instructions_use_norm") == true) throw Fault("normalises its prompts (instructions_use_norm), which is not built");
        if (_given.Real("soft_selection_sigma") is { } temperature && temperature != PublishedTemperature)
            throw Fault($"has soft_selection_sigma {_given.Shown("soft_selection_sigma")}; only {PublishedTemperature} is built");
    }

    private PromptableUNetConfiguration Sizes(ImportOptions options)
    {
        var defaults = new PromptableUNetConfiguration();
        var placement = Placement(options);
        return new PromptableUNetConfiguration
        {
            Semantics = AttentionSemantics.Reference,
            InChannels = Settled("in_channels", defaults.InChannels, _shapes.InChannels, Number("in_channels")),
            PoolSize = Few("instruction_pool_size", defaults.PoolSize, _shapes.PoolSize),
            TokensPerClass = Few("tokens_per_instruction", defaults.TokensPerClass, _shapes.TokensPerClass),
            Channels = Channels(),
            Heads = Settled("attention_heads", defaults.Heads, _shapes.Heads, Number("attention_heads")),
            Window = Settled("attn_window_size", defaults.Window, _shapes.Window, Given("attn_window_size", _given.Extent)),
            BiasScores = Scores(),
            Placement = placement,
            Aggregation = Aggregation(),
            UniquePromptBias = Unique("unique_instruction_bias", _shapes.UniquePromptBias),
            UniqueTokenBias = Unique("unique_token_bias", _shapes.TokensPerClass is { Value: 1 } ? null : _shapes.UniqueTokenBias),
            FixedOutputChannels = FixedOutputs(),
            Bottlenecks = _shapes.HasBottlenecks,
        };
    }

    /// <summary>A size that, without prompts, only hyper-parameters tell: kept small, as a network is built of it.</summary>
    private int Few(string name, int fallback, Evidence<int>? shape)
    {
        var size = Settled(name, fallback, shape, Number(name));
        return shape is not null || size <= MostUnseen
            ? size
            : throw Fault($"has {name} {size}, more than {MostUnseen}, and no tensor that shows it");
    }

    private IReadOnlyList<int> Channels()
    {
        var given = _given.Numbers("hidden_channels");
        return [.. _shapes.Channels.Select((shape, level) => Settled(
            "hidden_channels", 0, shape,
            given is null
                ? null
                : new Evidence<int>(
                    level < given.Count ? given[level] : 0,
                    $"the hyper-parameter hidden_channels is {_given.Shown("hidden_channels")}, "
                        + $"at level {level} so {(level < given.Count ? given[level] : 0)}")))];
    }

    private PromptPlacement Placement(ImportOptions options)
    {
        var said = options.Placement is { } option
            ? new Evidence<PromptPlacement>(option, $"--placement is {option.ToString().ToLowerInvariant()}")
            : null;
        if (!_shapes.HasPools)
        {
            if (FixedOutputs() is null) throw Fault("has no prompts: neither 'instruction_pool' nor a fixed output layer");
            _assumptions.Add("The network has a fixed output layer and so no prompts; where this program has a pool nevertheless, it is zero.");
            return PromptPlacement.End;
        }
        var given = Given<PromptPlacement>(
            "prompting_variant",
            name => _given.Text(name) is { } text && Enum.TryParse<PromptPlacement>(text, ignoreCase: true, out var value) ? value : null);
        return Settled(
            "prompting_variant", PromptPlacement.Full, _shapes.Placement ?? throw Fault("has prompt pools of no known placement"),
            given, said);
    }

    /// <summary>Deviation: the published code keeps the tables of scores that it does not use; here they do not exist.</summary>
    private BiasScores Scores()
    {
        var (noContent, noPrompts) = (_given.Flag("no_bias_content") == true, _given.Flag("no_bias_instructions") == true);
        var code = Settled(
            "bias_vit", false,
            new Evidence<bool>(
                _shapes.CodePositions is not null,
                $"the file has {(_shapes.CodePositions is null ? "no" : "a")} 'vit_pos_bias_content'"),
            Given("bias_vit", _given.Flag));
        var (content, prompts) = (_shapes.HasContentTables && !noContent, _shapes.HasPromptTables && !noPrompts);
        if (code && !_given.Any) (content, prompts) = (false, false);
        return (code, content, prompts) switch
        {
            (true, false, false) => BiasScores.Vit,
            (false, true, true) => BiasScores.All,
            (false, true, false) => BiasScores.ImageOnly,
            (false, false, false) => BiasScores.Pure,
            _ => throw Fault(
                $"combines bias scores in a way that is not built: position code {(code ? "yes" : "no")}, "
                    + $"content scores {(content ? "yes" : "no")}, prompt scores {(prompts ? "yes" : "no")}"),
        };
    }

    private SimilarityAggregation Aggregation() => (_given.Flag("mean_aggregation"), _given.Flag("top_k_selection")) switch
    {
        (true, true) => throw Fault("has both mean_aggregation and top_k_selection, which exclude each other"),
        (true, _) => SimilarityAggregation.Mean,
        (_, true) => SimilarityAggregation.TopThree,
        _ => SimilarityAggregation.Softmax,
    };

    /// <summary>What shapes the prompts' bias scores; without them it is not asked.</summary>
    private bool Unique(string name, Evidence<bool>? shape) => Scores() != BiasScores.All || Settled(name, true, shape, Given(name, _given.Flag));

    private int? FixedOutputs()
    {
        var has = new Evidence<bool>(_shapes.FixedOutputs is not null, $"the file has {(_shapes.FixedOutputs is null ? "no" : "a")} 'conv_fixed'");
        return Settled("fixed_output", false, has, Given("fixed_output", _given.Flag)) ? _shapes.FixedOutputs!.Value : null;
    }

    private PromptableUNetConfiguration Patches(PromptableUNetConfiguration network, ImportOptions options)
    {
        var given = _given.Extents("patch_size_students");
        var known = PublishedPatches.For(network.Window, _shapes.DepthKernels.Select(kernel => kernel?.Value ?? 1).ToList());
        var teacher = options.TeacherPatch
            ?? _given.Extent("patch_size_teacher")
            ?? Assumed("teacher's patch", PublishedPatches.Teacher(_shapes.CodePositions?.Value) ?? known.Teacher);
        var result = network with
        {
            StudentPatch = options.StudentPatch ?? given?.ElementAtOrDefault(0) ?? Assumed("first student's patch", known.Student),
            SecondStudentPatch = options.SecondStudentPatch
                ?? (given?.Count > 1 ? given[1] : given?.ElementAtOrDefault(0))
                ?? Assumed("second student's patch", known.Second),
            TeacherPatch = teacher,
        };
        CompareCode(_shapes.CodePositions is not null, teacher);
        return result;
    }

    /// <summary>A position code has one position for every 2³ voxels of the teacher's patch.</summary>
    private void CompareCode(bool hasCode, Extent teacher)
    {
        var positions = Extent.From(axis => (teacher[axis] + 1) / 2).Count;
        if (hasCode && _shapes.CodePositions?.Value != positions)
            throw Fault(
                $"contradicts itself: a teacher's patch of {teacher} has {positions} positions, "
                    + $"but {_shapes.CodePositions?.Source ?? "there is no 'vit_pos_bias_content'"}");
    }

    private void CompareKernels(PromptableUNetConfiguration network)
    {
        for (var level = 0; level < EncoderLevels; level++)
            if (_shapes.DepthKernels[level] is { } kernel
                && LevelSampling.Of(level, network.StudentPatch.D).Kernel.D is var needed
                && needed != kernel.Value)
                throw Fault(
                    $"contradicts a student's patch of {network.StudentPatch}: "
                        + $"level {level} then has a kernel of {needed} in depth, but {kernel.Source}");
    }

    private T Assumed<T>(string what, T value)
    {
        _assumptions.Add($"The file does not tell the {what}; {value} is assumed.");
        return value;
    }

    private Evidence<int>? Number(string name) => Given(name, _given.Number);

    private Evidence<T>? Given<T>(string name, Func<string, T?> read) where T : struct =>
        read(name) is { } value ? new(value, $"the hyper-parameter {name} is {_given.Shown(name)}") : null;

    /// <summary>The first source's value, which the others must confirm; assumed where there is none.</summary>
    private T Settled<T>(string name, T fallback, params Evidence<T>?[] sources)
    {
        var known = sources.OfType<Evidence<T>>().ToList();
        if (known.Count == 0) return Assumed(name, fallback);
        foreach (var other in known.Skip(1))
            if (!EqualityComparer<T>.Default.Equals(known[0].Value, other.Value))
                throw Fault($"contradicts itself about {name}: {other.Source}, but {known[0].Source}");
        return known[0].Value;
    }

    private CheckpointException Fault(string what) => new($"{_path} {what}.");
}
