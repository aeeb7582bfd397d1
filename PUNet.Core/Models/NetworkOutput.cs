using TorchSharp;

namespace PUNet.Core.Models;

/// <summary>What a segmentation network returns.</summary>
/// <param name="Logits">[B, 1 + n_active, H, W, D]; channel 0 is background, then the active classes in ascending order; a fixed output layer
/// gives all its classes.</param>
/// <param name="Embedding">[B, C_0, H/2, W/2, D], the embedding F; a baseline's is [B, F, H, W, D].</param>
public sealed record NetworkOutput(torch.Tensor Logits, torch.Tensor Embedding);
