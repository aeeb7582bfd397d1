using PUNet.Core.Common.Files;

namespace PUNet.Core.Inference.Pictures;

/// <summary>Where an evaluation keeps the pictures of the first subject that has a class.</summary>
internal static class EvaluationPanels
{
    /// <summary>The bare slice.</summary>
    public static string Image(string folder, int label, string name) => In(folder, label, name, "image");

    /// <summary>With the reference over it.</summary>
    public static string Reference(string folder, int label, string name) => In(folder, label, name, "reference");

    /// <summary>With the prediction over it.</summary>
    public static string Prediction(string folder, int label, string name) => In(folder, label, name, "prediction");

    private static string In(string folder, int label, string name, string what) =>
        Path.Combine(folder, "panels", $"{ClassFileName.Of(label, name)}.{what}.png");
}
