using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PUNet.Core.Common;

/// <summary>
/// A failure in words for people. What libtorch says goes on with places in its sources and frames of its stack, which tell a person
/// nothing: only its first line is shown, with what can be done. The exception itself keeps the rest.
/// </summary>
public static partial class FailureText
{
    /// <summary>What to show of an exception, without what the runtime wrapped around it.</summary>
    public static string Of(Exception error)
    {
        var cause = Cause(error);
        var text = cause.Message;
        var trace = Trace().Match(text);
        if (Remedy(text) is { } remedy) return remedy;
        return cause is ExternalException || trace.Success ? $"libtorch says: {FirstLine(trace.Success ? text[..trace.Index] : text)}. That is a fault of PUNet; --debug shows where" : text;
    }

    /// <summary>The exception inside those that say only that there was one.</summary>
    public static Exception Cause(Exception error) => error switch
    {
        TypeInitializationException { InnerException: { } inner } => Cause(inner),
        TargetInvocationException { InnerException: { } inner } => Cause(inner),
        AggregateException { InnerException: { } inner } => Cause(inner),
        _ => error,
    };

    /// <summary>For faults that a person can do something about; null for all others.</summary>
    private static string? Remedy(string text)
    {
        var amount = Allocation().Match(text) is { Success: true } match ? $" ({match.Groups[1].Value} more were asked for)" : "";
        if (text.Contains("CUDA out of memory", StringComparison.Ordinal) || text.Contains("CUDA error: out of memory", StringComparison.Ordinal))
            return $"the memory of the GPU is full{amount}; take a smaller batch_size, or compute on the CPU with --device cpu";
        if (text.Contains("DefaultCPUAllocator", StringComparison.Ordinal))
            return $"the memory is full{amount}; take a smaller batch_size, or fewer stages side by side with --jobs 1";
        if (text.Contains("no kernel image is available", StringComparison.Ordinal))
            return "this libtorch was not built for this GPU; name another one with --libtorch, or compute on the CPU with --device cpu";
        if (text.Contains("CUDA is not available", StringComparison.Ordinal) || text.Contains("device type CUDA did not initialise", StringComparison.Ordinal))
            return "libtorch finds no GPU that it can use; `punet info --torch` tells what it finds, --device cpu computes without one";
        if (text.Contains("CUDA error:", StringComparison.Ordinal))
            return $"the GPU failed: {FirstLine(text[text.IndexOf("CUDA error:", StringComparison.Ordinal)..])}; run again, or compute on the CPU with --device cpu";
        return text.Contains("empty handle", StringComparison.Ordinal) ? "a tensor was used after it was freed. That is a fault of PUNet; --debug shows where" : null;
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
