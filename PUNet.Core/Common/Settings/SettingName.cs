using System.Text;

namespace PUNet.Core.Common.Settings;

/// <summary>Names of settings: what a script calls the property of a record.</summary>
public static class SettingName
{
    /// <summary>CropsPerEpoch → crops_per_epoch.</summary>
    public static string Of(string property)
    {
        var name = new StringBuilder();
        for (var i = 0; i < property.Length; i++)
        {
            if (i > 0 && char.IsUpper(property[i]) && !char.IsUpper(property[i - 1])) name.Append('_');
            name.Append(char.ToLowerInvariant(property[i]));
        }
        return name.ToString();
    }
}
