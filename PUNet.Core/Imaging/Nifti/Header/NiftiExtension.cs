namespace PUNet.Core.Imaging.Nifti.Header;

/// <summary>A block that a NIfTI file carries between header and data.</summary>
/// <param name="Code">What it is, by the registry of NIfTI (2 DICOM, 4 AFNI, 6 comment …).</param>
/// <param name="Data">Its bytes, without the eight of its own header.</param>
public sealed record NiftiExtension(int Code, byte[] Data);
