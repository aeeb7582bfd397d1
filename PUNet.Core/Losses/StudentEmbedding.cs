using TorchSharp;

namespace PUNet.Core.Losses;

/// <summary>What the prototype assignment needs of one student; the caller keeps the tensors.</summary>
/// <param name="Embedding">F^s [B, C, h, w, d], with gradients.</param>
/// <param name="Coordinates">Of the student's view [B, 3, H, W, D], in voxels.</param>
/// <param name="Jitter">Elements to cut off the borders.</param>
public sealed record StudentEmbedding(torch.Tensor Embedding, torch.Tensor Coordinates, BorderJitter Jitter);
