using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PUNet.Core.Blocks.Windows;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Attention;

/// <summary>
/// Windowed attention in single precision on the CPU, forward and backward without ever storing a score: heads of a few
/// channels spend their time moving scores through memory otherwise. The result depends on no number of threads.
/// </summary>
internal sealed unsafe class FusedAttention : autograd.SingleTensorFunction<FusedAttention>
{
    private const long ScoresWorthAThread = 1 << 17;

    [ThreadStatic] private static float[]? _scratch;

    /// <inheritdoc/>
    public override string Name => nameof(FusedAttention);

    /// <summary>Whether this kernel computes for tensors like these; it reads their memory as single precision on the CPU.</summary>
    public static bool Supports(params ReadOnlySpan<Tensor?> inputs)
    {
        foreach (var input in inputs)
            if (input is not null && (input.device_type != DeviceType.CPU || input.dtype != ScalarType.Float32)) return false;
        return true;
    }

    /// <summary>softmax(q·k / √c + bias, masked) · v for every head.</summary>
    /// <param name="layout">Sizes.</param>
    /// <param name="content">Queries, keys and values of the content, [B·P, N, 3C].</param>
    /// <param name="prompts">Keys and values of the prompts, [B, J, 2C]; null where J = 0.</param>
    /// <param name="contentBias">[h, N, N] (query, key) or null.</param>
    /// <param name="promptBias">[B, J, h] or null.</param>
    /// <param name="regions">Regions of the positions; null where nothing is masked.</param>
    /// <returns>[B·P, N, C].</returns>
    /// <exception cref="ArgumentException">A tensor is of another type or on another device.</exception>
    public static Tensor Apply(AttentionLayout layout, Tensor content, Tensor? prompts, Tensor? contentBias, Tensor? promptBias, RegionLanes? regions)
    {
        if (!Supports(content, prompts, contentBias, promptBias))
            throw new ArgumentException("The kernel computes in single precision on the CPU; use PlainAttention elsewhere.", nameof(content));
        return apply(content, prompts!, contentBias!, promptBias!, layout, regions!);
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var inputs = new Tensor?[4];
        for (var i = 0; i < 4; i++) inputs[i] = (vars[i] as Tensor)?.contiguous();
        var (layout, regions) = ((AttentionLayout)vars[4], (RegionLanes?)vars[5]);
        var output = empty(inputs[0]!.shape[0], layout.Positions, layout.Channels, ScalarType.Float32);
        var statistics = empty(layout.Batch * layout.Windows, layout.Heads, 2, layout.Lanes, ScalarType.Float32);
        var packed = Packed(inputs[2], layout);
        var (content, prompts, promptBias) = (Data(inputs[0]), Data(inputs[1]), Data(inputs[3]));
        var (outputs, rows) = (Data(output), Data(statistics));
        ForItems(layout, (item, scratch) => ForwardItem(item, scratch));
        ctx.save_for_backward([inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!, statistics]);
        ctx.save_data("layout", layout);
        ctx.save_data("regions", regions!);
        ctx.save_data("needed", vars.Take(4).Select(value => value is Tensor { requires_grad: true }).ToArray());
        return output;

        void ForwardItem(int item, nint scratch)
        {
            var (element, head) = (item / layout.Heads, item % layout.Heads);
            var tile = new AttentionTile(layout, (float*)scratch);
            if (prompts != 0) tile.LoadPrompts((float*)prompts + (long)element * layout.Prompts * 2 * layout.Channels + head * layout.PerHead);
            for (var p = 0; p < layout.Windows; p++)
            {
                var window = (long)element * layout.Windows + p;
                Scores(tile, layout, window, head, content, packed, promptBias, regions);
                var row = (float*)rows + (window * layout.Heads + head) * 2 * layout.Lanes;
                tile.Softmax(row);
                tile.Mix(row);
                Scatter(tile.Outputs, (float*)outputs + window * layout.Positions * layout.Channels + head * layout.PerHead, layout);
            }
        }
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        var (layout, regions, needed) = (
            (AttentionLayout)ctx.get_data("layout"), (RegionLanes?)ctx.get_data("regions"), (bool[])ctx.get_data("needed"));
        var slopes = grad_output.contiguous();
        var contentSlopes = empty_like(saved[0]);
        var promptSlopes = layout.Prompts > 0 ? zeros_like(saved[1]) : null;
        var promptBiasSlopes = needed[3] ? zeros_like(saved[3]) : null;
        var packedSlopes = needed[2] ? new float[layout.Items][] : null;
        var packed = Packed(saved[2], layout);
        var (content, prompts, promptBias, rows) = (Data(saved[0]), Data(saved[1]), Data(saved[3]), Data(saved[4]));
        var (outputSlopes, contentTarget, promptTarget, biasTarget) = (Data(slopes), Data(contentSlopes), Data(promptSlopes), Data(promptBiasSlopes));
        ForItems(layout, (item, scratch) => BackwardItem(item, scratch));
        GC.KeepAlive(saved); // only their memory is in use above
        GC.KeepAlive(slopes);
        var contentBiasSlopes = packedSlopes is null ? null : Unpacked(packedSlopes, layout);
        return [contentSlopes, promptSlopes!, contentBiasSlopes!, promptBiasSlopes!, null!, null!];

        void BackwardItem(int item, nint scratch)
        {
            var (element, head) = (item / layout.Heads, item % layout.Heads);
            var tile = new AttentionTile(layout, (float*)scratch);
            var promptAt = (long)element * layout.Prompts * 2 * layout.Channels + head * layout.PerHead;
            if (prompts != 0) tile.LoadPrompts((float*)prompts + promptAt);
            var biasSlopes = packedSlopes is null ? null : packedSlopes[item] = new float[layout.Positions * layout.Lanes];
            fixed (float* bias = biasSlopes)
                for (var p = 0; p < layout.Windows; p++)
                {
                    var window = (long)element * layout.Windows + p;
                    var mask = Scores(tile, layout, window, head, content, packed, promptBias, regions);
                    tile.LoadOutputSlopes((float*)outputSlopes + window * layout.Positions * layout.Channels + head * layout.PerHead);
                    tile.Slopes((float*)rows + (window * layout.Heads + head) * 2 * layout.Lanes, mask);
                    tile.AddBiasSlopes(
                        bias, biasTarget == 0 ? null : (float*)biasTarget + (long)element * layout.Prompts * layout.Heads + head, layout.Heads);
                    tile.StoreSlopes(
                        (float*)contentTarget + window * layout.Positions * 3 * layout.Channels + head * layout.PerHead,
                        (float*)promptTarget + promptAt, Scale(layout));
                }
        }
    }

    private static RegionMask Scores(
        AttentionTile tile, AttentionLayout layout, long window, int head, nint content, float[]? packed, nint promptBias, RegionLanes? regions)
    {
        tile.LoadContent((float*)content + window * layout.Positions * 3 * layout.Channels + head * layout.PerHead, Scale(layout));
        var element = window / layout.Windows;
        var bias = promptBias == 0 ? null : (float*)promptBias + element * layout.Prompts * layout.Heads + head;
        var mask = regions is null ? default : regions.Of((int)(window % layout.Windows));
        fixed (float* contentBias = packed)
            tile.Score(contentBias is null ? null : contentBias + head * layout.Positions * layout.Lanes, bias, layout.Heads, mask);
        return mask;
    }

    private static float Scale(AttentionLayout layout) => 1 / MathF.Sqrt(layout.PerHead);

    /// <summary>Runs every item with scratch memory of its thread, on as many threads as libtorch uses.</summary>
    private static void ForItems(AttentionLayout layout, Action<int, nint> item)
    {
        var threads = (int)Math.Min(get_num_threads(), 1 + (long)layout.Items * layout.Windows * layout.Positions * layout.Keys / ScoresWorthAThread);
        if (threads == 1)
            for (var i = 0; i < layout.Items; i++) WithScratch(i);
        else Parallel.For(0, layout.Items, new ParallelOptions { MaxDegreeOfParallelism = threads }, WithScratch);

        void WithScratch(int i)
        {
            var size = AttentionTile.ScratchSize(layout);
            if (_scratch is null || _scratch.Length < size) _scratch = new float[size];
            fixed (float* memory = _scratch) item(i, (nint)memory);
        }
    }

    /// <summary>[c][lanes] to rows [N, C].</summary>
    private static void Scatter(float* lanes, float* rows, AttentionLayout layout)
    {
        for (var n = 0; n < layout.Positions; n++, rows += layout.Channels)
            for (var c = 0; c < layout.PerHead; c++) rows[c] = lanes[c * layout.Lanes + n];
    }

    /// <summary>[h, N, N] (query, key) to [h][key][lanes].</summary>
    private static float[]? Packed(Tensor? bias, AttentionLayout layout)
    {
        if (Data(bias) == 0) return null;
        var source = (float*)Data(bias);
        var (n, lanes) = (layout.Positions, layout.Lanes);
        var packed = new float[layout.Heads * n * lanes];
        for (var head = 0; head < layout.Heads; head++)
            for (var query = 0; query < n; query++)
                for (var key = 0; key < n; key++) packed[(head * n + key) * lanes + query] = *source++;
        return packed;
    }

    /// <summary>Gradients [B·h][key][lanes], added over the batch in order, as [h, N, N] (query, key).</summary>
    private static Tensor Unpacked(float[][] slopes, AttentionLayout layout)
    {
        var (n, lanes) = (layout.Positions, layout.Lanes);
        var result = zeros(layout.Heads, n, n, ScalarType.Float32);
        var target = (float*)Data(result);
        for (var item = 0; item < slopes.Length; item++)
            for (var query = 0; query < n; query++)
                for (var key = 0; key < n; key++) target[(item % layout.Heads * n + query) * n + key] += slopes[item][key * lanes + query];
        return result;
    }

    private static nint Data(Tensor? values) =>
        values is null || values.IsInvalid ? 0 : (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(values.bytes));
}
