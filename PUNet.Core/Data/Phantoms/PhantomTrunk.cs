namespace PUNet.Core.Data.Phantoms;

/// <summary>The trunk that holds the organs: skin, subcutaneous fat, muscle with ribs, and the fat between the organs.</summary>
internal static class PhantomTrunk
{
    private const double AirHu = -1000;
    private const double FatHu = -100;
    private const double MuscleHu = 55;
    private const double RibHu = 380;
    private const double MuscleShare = 0.10; // thickness, as a share of the outline's radius
    private const double RibPeriod = 30; // mm

    /// <summary>0 at the centre, 1 on the skin.</summary>
    public static double Outline(PhantomAnatomy anatomy, double x, double y)
    {
        var (p, q) = (Math.Abs(x / anatomy.Body.A), Math.Abs(y / anatomy.Body.B));
        return Math.Pow(Math.Pow(p, 2.4) + Math.Pow(q, 2.4), 1 / 2.4);
    }

    /// <summary>Intensity without organs, in HU.</summary>
    public static double Hu(PhantomAnatomy anatomy, double outline, double x, double y, double z, double edge)
    {
        var unit = (anatomy.Body.A + anatomy.Body.B) / 2; // mm per share of the radius, about
        var fat = anatomy.FatShare;
        var hu = AirHu;
        hu = Mix(hu, FatHu, (1 - outline) * unit / edge);
        hu = Mix(hu, MuscleHu, (fat - outline) * unit / edge);
        var slope = z + 0.35 * Math.Abs(x) - 0.3 * y;
        var ring = Math.Abs(outline - (fat - MuscleShare / 2)) * unit;
        var along = Math.Abs(slope - RibPeriod * Math.Round(slope / RibPeriod));
        if (z > -35) hu = Mix(hu, RibHu, (5 - Math.Max(ring, along)) / edge);
        return Mix(hu, FatHu, (fat - MuscleShare - outline) * unit / edge);
    }

    private static double Mix(double outside, double inside, double depth) => outside + Math.Clamp(depth + 0.5, 0, 1) * (inside - outside);
}
