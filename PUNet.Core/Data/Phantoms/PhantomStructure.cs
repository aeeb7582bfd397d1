namespace PUNet.Core.Data.Phantoms;

/// <summary>A solid of one tissue; later structures are painted over earlier ones.</summary>
/// <param name="Shape">Its form.</param>
/// <param name="Hu">Its mean intensity, in HU.</param>
/// <param name="Label">Class label; 0 where it belongs to no class.</param>
/// <param name="Texture">Amplitude of its own coarse texture, in HU.</param>
internal sealed record PhantomStructure(PhantomShape Shape, double Hu, byte Label = 0, double Texture = 0);
