using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging.Grids;

namespace PUNet.Core.Data.Preparation;

/// <summary>
/// What the preparation of one subject depends on, as a hash: the content of its files, how they are read, and every option that acts on
/// a subject. The code is not part of it. Two subjects of one key are prepared to the same bytes, whatever they are called.
/// </summary>
internal static class SubjectKey
{
    /// <summary>64 hexadecimal digits.</summary>
    public static string Of(PreparationOptions options, SubjectFiles files, SourceFile image, SourceFile labels)
    {
        var text = new StringBuilder();
        void AddText(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name} {value.Length} {value}\n");
        void Add(string name, IFormattable? value) => AddText(name, value?.ToString(null, CultureInfo.InvariantCulture) ?? "none");
        for (var file = image; file is not null; file = file.Data) AddText("image", file.Sha256);
        for (var file = labels; file is not null; file = file.Data) AddText("labels", file.Sha256);
        Add("labels upside down", files.LabelsUpsideDown ? 1 : 0);
        if (files.Crop is { } box)
        {
            foreach (var n in new[] { box.First.H, box.First.W, box.First.D, box.End.H, box.End.W, box.End.D }) Add("crop", n);
            Add("crop from the end", box.CountsWFromEnd ? 1 : 0);
        }
        foreach (var name in options.EarlierClasses) AddText("earlier", name);
        foreach (var (label, name) in options.Classes.OrderBy(entry => entry.Key))
        {
            Add("class", label);
            AddText("name", name);
        }
        Add("ignored", options.IgnoredSourceLabel);
        AddText("orientation", options.Orientation?.ToString() ?? "");
        Add("body threshold", options.BodyCrop?.Threshold);
        Add("body margin", options.BodyCrop?.MarginMm);
        foreach (var mm in options.Spacing?.ToArray() ?? []) Add("spacing", mm);
        Add("rows", options.InPlaneExtent?.H);
        Add("columns", options.InPlaneExtent?.W);
        foreach (var name in options.RequiredClasses) AddText("required", name);
        Add("keep empty", options.KeepEmpty ? 1 : 0);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
