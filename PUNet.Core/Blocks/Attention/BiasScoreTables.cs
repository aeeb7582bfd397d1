using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Blocks.Windows;
using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Attention;

/// <summary>
/// The query-independent bias scores of one sub-block (method.md, section 2): embeddings of e = 32 channels, one weight
/// vector per head, everything scaled by e^−1/2.
/// </summary>
internal sealed class BiasScoreTables : nn.Module
{
    /// <summary>e, channels of a bias embedding.</summary>
    public const int EmbeddingChannels = 32;

    /// <summary>e^−1/2.</summary>
    public static readonly double Scale = 1 / Math.Sqrt(EmbeddingChannels);

    [ComponentName(Name = "height_table")] private readonly Parameter? _heightTable;
    [ComponentName(Name = "width_table")] private readonly Parameter? _widthTable;
    [ComponentName(Name = "depth_table")] private readonly Parameter? _depthTable;
    [ComponentName(Name = "height_weight")] private readonly Parameter? _heightWeight;
    [ComponentName(Name = "width_weight")] private readonly Parameter? _widthWeight;
    [ComponentName(Name = "depth_weight")] private readonly Parameter? _depthWeight;
    [ComponentName(Name = "prompt_weight")] private readonly Parameter? _promptWeight;
    [ComponentName(Name = "prompt_table")] private readonly PromptPool? _promptTable;

    private readonly int _tokens;
    private readonly bool _perClass;

    /// <param name="shape">Which scores, and the tables' sizes.</param>
    /// <param name="initialisation">Source of the initial values.</param>
    public BiasScoreTables(BiasScoreShape shape, Initialisation initialisation) : base(nameof(BiasScoreTables))
    {
        (_tokens, _perClass) = (shape.Tokens, shape.TablePerClass);
        if (shape.Scores is BiasScores.All or BiasScores.ImageOnly)
        {
            _heightTable = initialisation.XavierUniform(2 * shape.Window.H - 1, EmbeddingChannels);
            _widthTable = initialisation.XavierUniform(2 * shape.Window.W - 1, EmbeddingChannels);
            _depthTable = initialisation.XavierUniform(2 * shape.Window.D - 1, EmbeddingChannels);
            _heightWeight = initialisation.XavierUniform(shape.Heads, EmbeddingChannels);
            _widthWeight = initialisation.XavierUniform(shape.Heads, EmbeddingChannels);
            _depthWeight = initialisation.XavierUniform(shape.Heads, EmbeddingChannels);
        }
        if (shape.Scores == BiasScores.All)
        {
            _promptWeight = initialisation.XavierUniform(shape.Heads, EmbeddingChannels);
            _promptTable = new PromptPool(
                shape.TablePerClass ? shape.PoolSize : 1, shape.RowPerToken ? shape.Tokens : 1, EmbeddingChannels, initialisation);
        }
        RegisterComponents();
    }

    /// <summary>Scores between the positions of a window, [h, N, N] (query, key); null without them.</summary>
    public Tensor? Content(WindowTables tables)
    {
        if (_heightTable is null || _widthTable is null || _depthTable is null) return null;
        using var scope = NewDisposeScope();
        var rows = cat([Rows(_heightWeight!, _heightTable), Rows(_widthWeight!, _widthTable), Rows(_depthWeight!, _depthTable)], 1); // [h, R]
        var positions = tables.Grid.Window.Count;
        return rows.mm(tables.Incidence).view(rows.shape[0], positions, positions).MoveToOuterDisposeScope();
    }

    /// <summary>Scores of content for the prompts of some classes, [distinct, T, h]; null without them.</summary>
    public Tensor? Prompt(PromptSelection selection)
    {
        if (_promptWeight is null || _promptTable is null) return null;
        using var scope = NewDisposeScope();
        var tables = _promptTable.Of(selection.Classes.Select(value => _perClass ? value : 0)); // [distinct, T or 1, e]
        var scores = LinearLayer.Apply(tables, _promptWeight.Times(Scale), null);
        return scores.expand(scores.shape[0], _tokens, scores.shape[2]).MoveToOuterDisposeScope();
    }

    private static Tensor Rows(Tensor weight, Tensor table) => weight.mm(table.t());
}
