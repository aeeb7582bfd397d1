namespace PUNet.Core.Models.Published;

/// <summary>What an import wrote, and what it rests on.</summary>
/// <param name="Card">What the weights mean.</param>
/// <param name="Tensors">How many tensors were taken.</param>
/// <param name="Assumptions">Sentences about what the file does not tell.</param>
/// <param name="LeftOut">Tensors that carry nothing: index tables, and tables that the network was trained without.</param>
public sealed record ImportReport(ModelCard Card, int Tensors, IReadOnlyList<string> Assumptions, IReadOnlyList<string> LeftOut);
