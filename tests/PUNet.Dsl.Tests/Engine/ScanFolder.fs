namespace PUNet.Dsl.Tests

open System
open System.IO
open System.Text
open PUNet.Core.Common
open PUNet.Core.Imaging
open PUNet.Core.Imaging.Nifti

/// A folder of small scans and label maps that goes away with the test.
[<Sealed>]
type ScanFolder() =
    let root = Directory.CreateTempSubdirectory("punet-scans ").FullName
    let extent = Extent(6, 6, 6)
    let geometry = Geometry.FromSpacing(Spacing(1.0, 1.0, 1.0))

    /// The folder.
    member _.Root = root

    /// A path below it, whose folder is made.
    member _.At(name: string) =
        let path = Path.Combine(root, name)
        Directory.CreateDirectory(string (Path.GetDirectoryName path)) |> ignore
        path

    /// Writes any text.
    member place.Text(name: string, text: string) = File.WriteAllText(place.At name, text)

    /// Writes an image; another one for every seed.
    member place.Scan(name: string, seed: int) =
        NiftiWriter.Write(place.At name, Volume(Array.init (int extent.Count) (fun i -> float32 ((i * 7 + seed) % 100)), extent, geometry))

    /// Writes labels from 0 to the largest.
    member place.Labels(name: string, largest: int) =
        NiftiWriter.Write(place.At name, LabelMap(Array.init (int extent.Count) (fun i -> uint16 (i % (largest + 1))), extent, geometry))

    /// Makes a .nii file the two files of a pair, with endings in small letters or capitals.
    member place.Split(name: string, capitals: bool) =
        let whole, headerSize = File.ReadAllBytes(place.At(name + ".nii")), 352
        Encoding.ASCII.GetBytes("ni1\000").CopyTo(whole, 344)
        BitConverter.GetBytes(0f).CopyTo(whole, 108) // the data begin their file
        let ending (small: string) = if capitals then small.ToUpperInvariant() else small
        File.WriteAllBytes(place.At(name + ending ".hdr"), whole[.. headerSize - 1])
        File.WriteAllBytes(place.At(name + ending ".img"), whole[headerSize..])
        File.Delete(place.At(name + ".nii"))

    /// Makes a pipe, which nobody writes to.
    member place.Pipe(name: string) = Diagnostics.Process.Start("mkfifo", [ place.At name ]).WaitForExit()

    interface IDisposable with
        member _.Dispose() = Directory.Delete(root, true)
