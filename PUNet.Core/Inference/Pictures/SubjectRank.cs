namespace PUNet.Core.Inference.Pictures;

/// <summary>Where a subject stands among those that have a class, by Dice.</summary>
public enum SubjectRank
{
    /// <summary>The highest Dice; also the only subject.</summary>
    Best,

    /// <summary>The middle one, of two middle ones the worse; none where fewer than three subjects have the class.</summary>
    Median,

    /// <summary>The lowest Dice; none where one subject alone has the class.</summary>
    Worst,
}
