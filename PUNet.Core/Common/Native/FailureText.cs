using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PUNet.Core.Common.Native;

/// <summary>
/// A failure in words for people. What libtorch says goes on with places in its sources and frames of its stack, which tell a person
/// nothing: only its first line is shown, with what can be done. The exception itself keeps the rest.
/// </summary>
public static partial class FailureText
{
    private const string Ours = "That is a fault of PUNet; --debug shows where";

    /// <summary>What to show of an exception, without what the runtime wrapped around it.</summary>
    public static string Of(Exception error)
    {
        var cause = Cause(error);
        if (Remedy(cause.Message) is { } remedy) return remedy;
        var trace = Trace().Match(cause.Message);
        if (cause is not ExternalException && !trace.Success) return cause.Message;
        return $"libtorch says: {FirstLine(trace.Success ? cause.Message[..trace.Index] : cause.Message)}. {Ours}";
    }

    /// <summary>The exception inside those that say only that there was one.</summary>
    public static Exception Cause(Exception error) => error switch
    {
        TypeInitializationException { InnerException: { } inner } => Cause(inner),
        TargetInvocationException { InnerException: { } inner } => Cause(inner),
        AggregateException { InnerException: { } inner } => Cause(inner),
        _ => error,
    };

    /// <summary>For faults that are known, and mostly something that a person can change; null for all others.</summary>
    private static string? Remedy(string said)
    {
        bool Says(string words) => said.Contains(words, StringComparison.Ordinal);
        var amount = Allocation().Match(said) is { Success: true } match ? $" ({match.Groups[1].Value} more were asked for)" : "";
        if (Says("CUDA out of memory") || Says("CUDA error: out of memory"))
            return $"the memory of the GPU is full{amount}; take a smaller batch_size, or compute on the CPU with --device cpu";
        if (Says("DefaultCPUAllocator"))
            return $"the memory is full{amount}; take a smaller batch_size, or fewer stages side by side with --jobs 1";
        if (Says("no kernel image is available"))
            return "this libtorch was not built for this GPU; name another one with --libtorch, or compute on the CPU with --device cpu";
        if (Says("CUDA is not available") || Says("device type CUDA did not initialise"))
            return "libtorch finds no GPU that it can use; `punet info --torch` tells what it finds, --device cpu computes without one";
        if (Says("CUDA error:"))
        {
            var first = FirstLine(said[said.IndexOf("CUDA error:", StringComparison.Ordinal)..]);
            return $"the GPU failed: {first}; run again, or compute on the CPU with --device cpu";
        }
        return Says("Tensor invalid -- empty handle") ? $"a tensor was used after it was freed. {Ours}" : null;
    }

    private static string FirstLine(string text)
    {
        var plain = Place().Replace(text, "").Trim();
        var end = plain.IndexOf('\n');
        return (end < 0 ? plain : plain[..end]).Trim().TrimEnd('.');
    }

    /// <summary>Where libtorch's own words end.</summary>
    [GeneratedRegex(@"\s*(Exception raised from \S+ at |\n\s*frame #0: )")]
    private static partial Regex Trace();

    /// <summary>Places in its sources among the words.</summary>
    [GeneratedRegex("""\[enforce fail at [^\]]*\][^.]*\. |\s*INTERNAL ASSERT FAILED at "[^"]*":\d+, please report a bug to PyTorch\.""")]
    private static partial Regex Place();

    [GeneratedRegex(@"[Tt]ried to allocate ([\d.]+ \w+)")]
    private static partial Regex Allocation();
}
