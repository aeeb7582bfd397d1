namespace PUNet.Core.Inference.Pictures;

/// <summary>A subject as volumes for a viewer: image, reference and prediction on one grid, thinned where they are large.</summary>
/// <param name="Rank">Whether it is the best or the worst of the evaluation.</param>
/// <param name="Subject">The subject's name.</param>
/// <param name="MeanDice">Mean over the classes that it has, 0–1.</param>
/// <param name="Step">Every how many-th voxel of each axis is kept.</param>
public sealed record SubjectVolume(SubjectRank Rank, string Subject, double MeanDice, int Step)
{
    /// <summary>File of the image, as 0–255, relative to the evaluation's folder.</summary>
    public string Image => Named("image");

    /// <summary>File of the reference's labels.</summary>
    public string Reference => Named("reference");

    /// <summary>File of the predicted labels.</summary>
    public string Prediction => Named("prediction");

    private string Named(string what) => $"volumes/{Rank.ToString().ToLowerInvariant()}.{what}.nii.gz";
}
