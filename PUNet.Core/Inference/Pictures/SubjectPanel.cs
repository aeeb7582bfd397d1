namespace PUNet.Core.Inference.Pictures;

/// <summary>A class of one subject as a picture: reference and prediction side by side, on the slice where the reference is largest.</summary>
/// <param name="Label">The class's label in the prepared dataset.</param>
/// <param name="Class">The class's name.</param>
/// <param name="Rank">Where the subject stands among those that have the class.</param>
/// <param name="Subject">The subject's name.</param>
/// <param name="Dice">Of the class in this subject, over the whole volume, 0–1.</param>
/// <param name="Slice">Index along the depth of the prepared volume.</param>
/// <param name="File">The picture's file, relative to the evaluation's folder.</param>
public sealed record SubjectPanel(int Label, string Class, SubjectRank Rank, string Subject, double Dice, int Slice, string File);
