namespace PUNet.Dsl

open PUNet.Core.Data.Layouts

/// Pairs of image and label files in a folder of the user.
module Folder =
    /// Image and label map of a subject by patterns that hold {id}, for example "{id}_ct.nii.gz" and "{id}_seg.nii.gz", or
    /// "images/{id}.nii.gz" and "labels/{id}.nii.gz"; below
    /// folders train, validation and test where the split is given.
    let pairs (path: DataPath) (image: string) (labels: string) : ScanSource =
        { Path = path; Layout = PairedFolders(Image = image, Label = labels) }

/// The CT-ORG collection, prepared as in the paper.
module CtOrg =
    /// volume-N.nii.gz and labels-N.nii.gz in a folder.
    let inFolder (path: DataPath) : ScanSource = { Path = path; Layout = CtOrg() }

/// The TCIA and BTCV multi-organ collections, prepared as in the paper.
module TciaBtcv =
    /// The published folder structure with cropping.csv.
    let inFolder (path: DataPath) : ScanSource = { Path = path; Layout = Btcv() }

/// The layout of nnU-Net and of the Medical Segmentation Decathlon.
module NnUNet =
    /// imagesTr, labelsTr and dataset.json in a folder; the first channel of the images.
    let inFolder (path: DataPath) : ScanSource = { Path = path; Layout = NnUNet() }

    /// The same with another channel, from 0: NnUNet.channel 1 (NnUNet.inFolder (data "brain")).
    let channel (channel: int) (source: ScanSource) : ScanSource = { source with Layout = NnUNet(Channel = channel) }

/// A table of subjects.
module CsvList =
    /// A table in a folder, for example "subjects.csv", with the columns id, image, label and, where wanted, part (train, validation,
    /// test), patient and domain. Files are named as seen from the folder.
    let inFolder (path: DataPath) (table: string) : ScanSource = { Path = path; Layout = CsvList(File = table) }
