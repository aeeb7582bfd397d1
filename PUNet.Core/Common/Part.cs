namespace PUNet.Core.Common;

/// <summary>The part of a dataset a subject belongs to.</summary>
public enum Part { Train, Validation, Test }
