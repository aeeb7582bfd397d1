namespace PUNet.Core.Inference;

/// <summary>Where an evaluation keeps the pictures of its first test subject.</summary>
internal static class EvaluationPanels
{
    /// <summary>The bare slice.</summary>
    public static string Image(string folder, string name) => In(folder, name, "image");

    /// <summary>With the reference over it.</summary>
    public static string Reference(string folder, string name) => In(folder, name, "reference");

    /// <summary>With the prediction over it.</summary>
    public static string Prediction(string folder, string name) => In(folder, name, "prediction");

    private static string In(string folder, string name, string what) =>
        Path.Combine(folder, "panels", $"{string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? c : '_'))}.{what}.png");
}
