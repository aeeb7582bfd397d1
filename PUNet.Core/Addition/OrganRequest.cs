namespace PUNet.Core.Addition;

/// <summary>An organ that a model is to learn from annotated scans.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Images">Folder of scans.</param>
/// <param name="Labels">Folder of their label maps.</param>
/// <param name="Label">Its value in them; null: the only one there is.</param>
/// <param name="Seed">Of everything random.</param>
public sealed record OrganRequest(string Name, string Images, string Labels, int? Label = null, long Seed = 1);
