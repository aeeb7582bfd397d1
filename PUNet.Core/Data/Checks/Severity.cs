namespace PUNet.Core.Data.Checks;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>Usable, but probably not what is wanted.</summary>
    Warning,

    /// <summary>Cannot be used, or would make results wrong.</summary>
    Error,
}
