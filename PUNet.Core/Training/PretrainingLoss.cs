namespace PUNet.Core.Training;

/// <summary>What the backbone is pre-trained on (method.md, section 4).</summary>
public enum PretrainingLoss
{
    /// <summary>Segmentation of base classes and contrastive prototype assignment.</summary>
    MetaSelf,

    /// <summary>Segmentation of base classes only.</summary>
    Meta,

    /// <summary>Contrastive prototype assignment only; no class label is used.</summary>
    Self,
}
