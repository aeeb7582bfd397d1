using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PUNet.Core.Blocks.Windows;
using static PUNet.Core.Blocks.Attention.VectorMath;

namespace PUNet.Core.Blocks.Attention;

/// <summary>
/// The attention of one head in one window, on the stack of one thread. Keys are rows, queries lie in the vector lanes;
/// lanes beyond N hold zeros. Scores never leave the first-level cache.
/// </summary>
internal unsafe ref struct AttentionTile
{
    private const int Width = 16;

    private readonly AttentionLayout _layout;
    private readonly float* _queries;   // [c][lanes], scaled
    private readonly float* _keys;      // [J + N][c], prompts first
    private readonly float* _values;    // [J + N][c]
    private readonly float* _scores;    // [J + N][lanes], then the attention weights
    private readonly float* _outputs;   // [c][lanes]; going back: its gradient
    private readonly float* _slopes;    // [J + N][lanes], gradients of the scores
    private readonly float* _rowSlopes; // [c][lanes], gradients of the queries

    public AttentionTile(AttentionLayout layout, float* scratch)
    {
        _layout = layout;
        var (lanes, keys, channels) = (layout.Lanes, layout.Keys, layout.PerHead);
        _queries = scratch;
        _outputs = _queries + channels * lanes;
        _rowSlopes = _outputs + channels * lanes;
        _scores = _rowSlopes + channels * lanes;
        _slopes = _scores + keys * lanes;
        _keys = _slopes + keys * lanes;
        _values = _keys + keys * channels;
    }

    /// <summary>Floats of scratch memory that a tile needs.</summary>
    public static int ScratchSize(AttentionLayout layout) =>
        3 * layout.PerHead * layout.Lanes + 2 * layout.Keys * layout.Lanes + 2 * layout.Keys * layout.PerHead;

    /// <summary>[c][lanes], the mixed values, or going back their gradient.</summary>
    public readonly float* Outputs => _outputs;

    /// <summary>Takes keys and values of the prompts, rows [J, 2C] at this head's channels.</summary>
    public readonly void LoadPrompts(float* rows)
    {
        var (channels, all) = (_layout.PerHead, _layout.Channels);
        for (var j = 0; j < _layout.Prompts; j++, rows += 2 * all)
            for (var c = 0; c < channels; c++)
            {
                _keys[j * channels + c] = rows[c];
                _values[j * channels + c] = rows[all + c];
            }
    }

    /// <summary>Takes queries, keys and values of a window, rows [N, 3C] at this head's channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void LoadContent(float* rows, float scale)
    {
        var (channels, all, lanes) = (_layout.PerHead, _layout.Channels, _layout.Lanes);
        var keys = _keys + _layout.Prompts * channels;
        var values = _values + _layout.Prompts * channels;
        for (var n = 0; n < _layout.Positions; n++, rows += 3 * all, keys += channels, values += channels)
            for (var c = 0; c < channels; c++)
            {
                _queries[c * lanes + n] = rows[c] * scale;
                keys[c] = rows[all + c];
                values[c] = rows[2 * all + c];
            }
        ClearBeyond(_queries);
    }

    /// <summary>Takes the outputs' gradient of a window, rows [N, C] at this head's channels.</summary>
    public readonly void LoadOutputSlopes(float* rows)
    {
        var (channels, lanes) = (_layout.PerHead, _layout.Lanes);
        for (var n = 0; n < _layout.Positions; n++, rows += _layout.Channels)
            for (var c = 0; c < channels; c++) _outputs[c * lanes + n] = rows[c];
        ClearBeyond(_outputs);
    }

    /// <summary>Scores with bias and mask.</summary>
    /// <param name="contentBias">[N keys][lanes] or null.</param>
    /// <param name="promptBias">One value per prompt, <paramref name="promptStep"/> apart, or null.</param>
    /// <param name="promptStep">Distance of the prompts' values.</param>
    /// <param name="mask">Regions of the positions in this window; none where nothing is masked.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Score(float* contentBias, float* promptBias, int promptStep, RegionMask mask)
    {
        var (channels, lanes, prompts) = (_layout.PerHead, _layout.Lanes, _layout.Prompts);
        for (var k = 0; k < _layout.Keys; k++)
        {
            var content = k >= prompts;
            var start = Vector512.Create(!content && promptBias is not null ? promptBias[k * promptStep] : 0f);
            var bias = content && contentBias is not null ? contentBias + (k - prompts) * lanes : null;
            for (var q = 0; q < lanes; q += Width)
            {
                var score = bias is not null ? Vector512.Load(bias + q) : start;
                for (var c = 0; c < channels; c++)
                    score = Fma(Vector512.Load(_queries + c * lanes + q), Vector512.Create(_keys[k * channels + c]), score);
                if (content && !mask.IsEmpty) score = mask.Apply(score, k - prompts, q);
                score.Store(_scores + k * lanes + q);
            }
        }
    }

    /// <summary>Turns scores into attention weights; keeps each row's maximum and inverse sum, [2][lanes].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Softmax(float* statistics)
    {
        var (lanes, keys) = (_layout.Lanes, _layout.Keys);
        for (var q = 0; q < lanes; q += Width)
        {
            var largest = Vector512.Load(_scores + q);
            for (var k = 1; k < keys; k++) largest = Vector512.Max(largest, Vector512.Load(_scores + k * lanes + q));
            var sum = Vector512<float>.Zero;
            for (var k = 0; k < keys; k++)
            {
                var weight = Exp(Vector512.Load(_scores + k * lanes + q) - largest);
                weight.Store(_scores + k * lanes + q);
                sum += weight;
            }
            largest.Store(statistics + q);
            (Vector512<float>.One / sum).Store(statistics + lanes + q);
        }
        for (var q = _layout.Positions; q < lanes; q++) (statistics[q], statistics[lanes + q]) = (1e30f, 0);
    }

    /// <summary>The mixed values of the weights, into <see cref="Outputs"/>.</summary>
    public readonly void Mix(float* statistics) => Combine(_scores, _values, _outputs, statistics + _layout.Lanes, 1);

    /// <summary>Attention weights again, and the gradients of the biased scores before the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Slopes(float* statistics, RegionMask mask)
    {
        var (channels, lanes, keys, prompts) = (_layout.PerHead, _layout.Lanes, _layout.Keys, _layout.Prompts);
        for (var q = 0; q < lanes; q += Width)
        {
            var (largest, inverse) = (Vector512.Load(statistics + q), Vector512.Load(statistics + lanes + q));
            var mean = Vector512<float>.Zero;
            for (var k = 0; k < keys; k++)
            {
                var weight = Exp(Vector512.Load(_scores + k * lanes + q) - largest) * inverse;
                weight.Store(_scores + k * lanes + q);
                var slope = Vector512<float>.Zero;
                for (var c = 0; c < channels; c++)
                    slope = Fma(Vector512.Load(_outputs + c * lanes + q), Vector512.Create(_values[k * channels + c]), slope);
                slope.Store(_slopes + k * lanes + q);
                mean = Fma(weight, slope, mean);
            }
            for (var k = 0; k < keys; k++)
            {
                var slope = Vector512.Load(_scores + k * lanes + q) * (Vector512.Load(_slopes + k * lanes + q) - mean);
                if (k >= prompts && mask.Multiplies) slope = mask.Apply(slope, k - prompts, q);
                slope.Store(_slopes + k * lanes + q);
            }
        }
    }

    /// <summary>Adds the scores' gradients to those of the biases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void AddBiasSlopes(float* content, float* prompts, int promptStep)
    {
        var lanes = _layout.Lanes;
        if (prompts is not null)
            for (var j = 0; j < _layout.Prompts; j++)
            {
                var sum = Vector512<float>.Zero;
                for (var q = 0; q < lanes; q += Width) sum += Vector512.Load(_slopes + j * lanes + q);
                prompts[j * promptStep] += Vector512.Sum(sum);
            }
        if (content is null) return;
        var slopes = _slopes + _layout.Prompts * lanes;
        for (var i = 0; i < _layout.Positions * lanes; i += Width) (Vector512.Load(content + i) + Vector512.Load(slopes + i)).Store(content + i);
    }

    /// <summary>Gradients of queries, keys and values: content into rows [N, 3C], prompts added to rows [J, 2C].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void StoreSlopes(float* content, float* prompts, float scale)
    {
        var (channels, all, lanes) = (_layout.PerHead, _layout.Channels, _layout.Lanes);
        Combine(_slopes, _keys, _rowSlopes, null, scale);
        for (var n = 0; n < _layout.Positions; n++)
            for (var c = 0; c < channels; c++) content[n * 3 * all + c] = _rowSlopes[c * lanes + n];
        for (var k = 0; k < _layout.Keys; k++)
        {
            var isPrompt = k < _layout.Prompts;
            var row = isPrompt ? prompts + k * 2 * all : content + ((k - _layout.Prompts) * 3 + 1) * all;
            for (var c = 0; c < channels; c++)
            {
                var (key, value) = (Vector512<float>.Zero, Vector512<float>.Zero);
                for (var q = 0; q < lanes; q += Width)
                {
                    key = Fma(Vector512.Load(_slopes + k * lanes + q), Vector512.Load(_queries + c * lanes + q), key);
                    value = Fma(Vector512.Load(_scores + k * lanes + q), Vector512.Load(_outputs + c * lanes + q), value);
                }
                row[c] = Vector512.Sum(key) + (isPrompt ? row[c] : 0);
                row[all + c] = Vector512.Sum(value) + (isPrompt ? row[all + c] : 0);
            }
        }
    }

    /// <summary>target[c][q] = factor · scales[q] · Σ_k weights[k][q] · rows[k][c].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Combine(float* weights, float* rows, float* target, float* scales, float factor)
    {
        var (channels, lanes, keys) = (_layout.PerHead, _layout.Lanes, _layout.Keys);
        for (var q = 0; q < lanes; q += Width)
        {
            var scale = Vector512.Create(factor);
            if (scales is not null) scale *= Vector512.Load(scales + q);
            var c = 0;
            for (; c + 4 <= channels; c += 4)
            {
                var (s0, s1, s2, s3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
                var row = rows + c;
                for (var k = 0; k < keys; k++, row += channels)
                {
                    var weight = Vector512.Load(weights + k * lanes + q);
                    s0 = Fma(weight, Vector512.Create(row[0]), s0);
                    s1 = Fma(weight, Vector512.Create(row[1]), s1);
                    s2 = Fma(weight, Vector512.Create(row[2]), s2);
                    s3 = Fma(weight, Vector512.Create(row[3]), s3);
                }
                (s0 * scale).Store(target + c * lanes + q);
                (s1 * scale).Store(target + (c + 1) * lanes + q);
                (s2 * scale).Store(target + (c + 2) * lanes + q);
                (s3 * scale).Store(target + (c + 3) * lanes + q);
            }
            for (; c < channels; c++)
            {
                var sum = Vector512<float>.Zero;
                for (var k = 0; k < keys; k++) sum = Fma(Vector512.Load(weights + k * lanes + q), Vector512.Create(rows[k * channels + c]), sum);
                (sum * scale).Store(target + c * lanes + q);
            }
        }
    }

    private readonly void ClearBeyond(float* rows)
    {
        for (var c = 0; c < _layout.PerHead; c++)
            for (var n = _layout.Positions; n < _layout.Lanes; n++) rows[c * _layout.Lanes + n] = 0;
    }
}
