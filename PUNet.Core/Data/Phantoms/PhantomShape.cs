namespace PUNet.Core.Data.Phantoms;

/// <summary>A solid given by a smooth function: negative inside, about the distance to the surface in mm.</summary>
internal abstract class PhantomShape
{
    /// <summary>Beyond this distance from the surface nothing is evaluated, in mm: more than half a voxel's diagonal.</summary>
    protected const double Reach = 12;

    /// <summary>About the signed distance of a point, in mm; anything large where it is far away.</summary>
    public abstract double Distance(double x, double y, double z);
}
