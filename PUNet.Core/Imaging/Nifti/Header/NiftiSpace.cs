namespace PUNet.Core.Imaging.Nifti.Header;

/// <summary>What a header says about where its grid lies, as it says it: another file with the same lies there for every reader.</summary>
/// <param name="Sides">pixdim[0] (the qform's handedness) and the three sides of a voxel.</param>
/// <param name="QuaternionCode">qform_code.</param>
/// <param name="Quaternion">quatern_b, c, d and qoffset_x, y, z.</param>
/// <param name="RowsCode">sform_code.</param>
/// <param name="Rows">srow_x, y, z: 12 numbers.</param>
/// <param name="Units">xyzt_units: of space in the lowest three bits (2 is mm).</param>
public sealed record NiftiSpace(
    IReadOnlyList<double> Sides, int QuaternionCode, IReadOnlyList<double> Quaternion, int RowsCode, IReadOnlyList<double> Rows, int Units);
