using PUNet.Core.Common;

namespace PUNet.Core.Data.Phantoms;

/// <summary>
/// One subject's abdomen in RAS mm about its own centre: x to the right, y to anterior, z to superior. Organs keep their
/// neighbourhood while place, size, turn and intensity vary; distractors have the intensities of organs, and liver and spleen, both
/// kidneys, and gallbladder and bladder share theirs, so that place and form tell them apart.
/// </summary>
internal sealed class PhantomAnatomy
{
    /// <summary>Class names in label order.</summary>
    public static readonly string[] Classes = ["liver", "spleen", "left kidney", "right kidney", "stomach", "pancreas", "gallbladder", "bladder"];

    private readonly RandomStream _random;
    private readonly List<PhantomStructure> _structures = [];

    /// <param name="random">Draws everything that differs between subjects.</param>
    public PhantomAnatomy(RandomStream random)
    {
        _random = random;
        Body = (random.Uniform(148, 172), random.Uniform(104, 124));
        FatShare = random.Uniform(0.86, 0.92);
        Background();
        Distractors();
        Organs();
    }

    /// <summary>Semi-axes of the trunk's outline, in mm.</summary>
    public (double A, double B) Body { get; }

    /// <summary>Where subcutaneous fat begins, as a share of the outline's radius.</summary>
    public double FatShare { get; }

    /// <summary>All structures, to be painted in order.</summary>
    public IReadOnlyList<PhantomStructure> Structures => _structures;

    private void Background()
    {
        foreach (var side in new[] { 1, -1 })
        {
            Add(new PhantomEllipsoid(Near(side * 76, -2, 100, 5), Size(58, 76, 58), Turn(0.1), 2.5), Hu(-840, 25));
            Add(new PhantomEllipsoid(Near(side * 36, -48, -45, 4), Size(17, 15, 75), Turn(0.1)), Hu(55, 6)); // psoas
            Add(new PhantomEllipsoid(Near(side * 40, -78, 0, 4), Size(32, 15, 150), default, 2.5), Hu(55, 6)); // back
            Add(new PhantomEllipsoid(Near(side * 92, -22, -84, 5), Size(12, 45, 30), (side * 0.5, 0.2 * side, 0), 2.5), Hu(320, 40)); // pelvis
        }
        var spine = _random.Uniform(-3, 3);
        Add(new PhantomTube((spine, -60, -140, 19), (spine, -57, 0, 18), (spine, -62, 140, 17)), Hu(280, 40));
        Add(new PhantomTube((spine, -86, -140, 6), (spine, -84, 140, 6)), Hu(330, 40));
        Add(new PhantomTube((spine, -79, -140, 6), (spine, -78, 140, 6)), Hu(25, 5));
        Add(new PhantomTube(Point(-9, -32, -140, 3, 9), Point(-7, -30, 0, 3, 10), Point(-9, -34, 140, 3, 11)), Hu(150, 15)); // aorta
        Add(new PhantomTube(Point(19, -32, -140, 3, 10), Point(20, -28, 0, 3, 11), Point(22, -20, 140, 3, 11)), Hu(115, 10)); // vena cava
    }

    private void Distractors()
    {
        var loops = _random.Integer(12, 18);
        for (var i = 0; i < loops; i++)
        {
            var centre = (_random.Uniform(-95, 95), _random.Uniform(5, 70), _random.Uniform(-80, 5));
            var size = (_random.Uniform(10, 24), _random.Uniform(10, 20), _random.Uniform(10, 22));
            Add(new PhantomEllipsoid(centre, size, Turn(1.5), 2, _random.Uniform(-8, 8)), _random.Chance(0.15) ? -300 : _random.Uniform(0, 120));
        }
        foreach (var (x, y) in new[] { (-105.0, -5.0), (105.0, 0.0) }) // colon
            Add(
                new PhantomTube(Point(x, y, -85, 8, 16), Point(x * 0.95, y + 15, -40, 8, 18), Point(x * 0.9, y + 10, -12, 8, 15)),
                _random.Uniform(10, 90));
    }

    private void Organs()
    {
        var parenchyma = Hu(105, 12);
        var kidney = Hu(155, 15);
        var fluid = Hu(8, 6);
        Add(new PhantomUnion(
            new PhantomEllipsoid(Near(72, 2, 22, 6), Size(56, 66, 46), Turn(0.15), 2.3),
            new PhantomEllipsoid(Near(10, 38, 34, 6), Size(52, 32, 24), Turn(0.2)), 14), parenchyma, "liver", 6);
        Add(
            new PhantomEllipsoid(
                Near(-96, -22, 26, 7), Size(24, 44, 36), (_random.Uniform(0.1, 0.5), Angle(0.15), Angle(0.15)), 2, _random.Uniform(8, 16)),
            parenchyma + _random.Uniform(-8, 18), "spleen", 4);
        Kidney("left kidney", -58, _random.Uniform(-8, 4), kidney);
        Kidney("right kidney", 58, _random.Uniform(-20, -8), kidney);
        var stomach = Hu(35, 12);
        var (sx, sy, sz) = Near(-55, 30, 28, 7);
        var girth = _random.Uniform(0.85, 1.15);
        Add(
            new PhantomTube(
                (sx - 2, sy - 18, sz + 20, 21 * girth), (sx - 8, sy + 8, sz, 24 * girth),
                (sx + 12, sy + 24, sz - 22, 19 * girth), (sx + 48, sy + 22, sz - 26, 13 * girth)),
            stomach, "stomach", 10);
        if (_random.Chance(0.7)) // swallowed air rises to the front
            Add(new PhantomEllipsoid((sx - 4, sy + 18 * girth, sz + 6), Size(9, 6, 11)), -500, "stomach");
        var (px, py, pz) = Near(0, 2, 0, 6);
        Add(
            new PhantomTube(
                (px - 66, py - 14, pz + 20, 9), (px - 30, py, pz + 14, 10),
                (px + 2, py + 10, pz + 6, 10.5), (px + 30, py + 2, pz - 8, 14)),
            parenchyma - _random.Uniform(5, 25), "pancreas", 12);
        Add(new PhantomEllipsoid(Near(52, 48, -12, 6), Size(14, 16, 24), Turn(0.35), 2, _random.Uniform(-4, 4)), fluid, "gallbladder");
        Add(new PhantomEllipsoid(Near(0, 26, -68, 6), Size(36, 28, 21), Turn(0.15), _random.Uniform(2, 3)),
            fluid + _random.Uniform(-5, 5), "bladder");
    }

    private void Kidney(string name, double x, double z, double hu)
    {
        var side = Math.Sign(x);
        var centre = Near(x, -46, z, 6);
        var size = Size(23, 21, 41);
        var turn = (side * _random.Uniform(0.2, 0.6), side * _random.Uniform(0, 0.25), Angle(0.15));
        Add(new PhantomEllipsoid(centre, size, turn, 2, -side * _random.Uniform(6, 14)), hu, name, 8);
        Add(new PhantomEllipsoid((centre.X - side * 10, centre.Y + 2, centre.Z), (9, 7, 20), turn), -20); // renal sinus: no kidney
    }

    private void Add(PhantomShape shape, double hu, string? name = null, double texture = 0) =>
        _structures.Add(new PhantomStructure(shape, hu, name is null ? (byte)0 : (byte)(1 + Array.IndexOf(Classes, name)), texture));

    private (double X, double Y, double Z) Near(double x, double y, double z, double spread) =>
        (x + _random.Uniform(-spread, spread), y + _random.Uniform(-spread, spread), z + _random.Uniform(-spread, spread));

    private (double X, double Y, double Z, double Radius) Point(double x, double y, double z, double spread, double radius)
    {
        var (a, b, c) = Near(x, y, z, spread);
        return (a, b, c, radius * _random.Uniform(0.9, 1.1));
    }

    private (double A, double B, double C) Size(double a, double b, double c)
    {
        var whole = _random.Uniform(0.88, 1.12);
        return (a * whole * _random.Uniform(0.93, 1.07), b * whole * _random.Uniform(0.93, 1.07), c * whole * _random.Uniform(0.93, 1.07));
    }

    private (double Z, double Y, double X) Turn(double largest) => (Angle(largest), Angle(largest), Angle(largest));

    private double Angle(double largest) => _random.Uniform(-largest, largest);

    private double Hu(double mean, double spread) => mean + _random.Uniform(-spread, spread);
}
