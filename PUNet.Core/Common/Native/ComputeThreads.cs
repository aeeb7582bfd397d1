using TorchSharp;

namespace PUNet.Core.Common.Native;

/// <summary>How many threads a tensor operation may use. On small networks one is fastest: a second one waits more than it works.</summary>
public static class ComputeThreads
{
    /// <summary>Sets the number for the whole process.</summary>
    public static void Limit(int threads)
    {
        if (torch.get_num_threads() != threads) torch.set_num_threads(threads);
    }
}
