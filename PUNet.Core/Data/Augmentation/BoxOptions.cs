namespace PUNet.Core.Data.Augmentation;

/// <summary>How many boxes, and how long each side is, in voxels; a side never exceeds the image.</summary>
public sealed record BoxOptions(IntegerInterval Boxes, IntegerInterval Side);
