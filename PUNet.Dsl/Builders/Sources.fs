namespace PUNet.Dsl

/// Pairs of image and label files in a folder of the user.
module Folder =
    /// Image and label map of a subject by patterns that hold {id}, for example "{id}_ct.nii.gz" and "{id}_seg.nii.gz"; below
    /// folders train, validation and test where the split is given.
    let pairs (path: DataPath) (image: string) (labels: string) : ScanSource = { Path = path; Layout = ScanLayout.Pairs(image, labels) }

/// The CT-ORG collection.
module CtOrg =
    /// volume-N.nii.gz and labels-N.nii.gz in a folder.
    let inFolder (path: DataPath) : ScanSource = { Path = path; Layout = ScanLayout.CtOrg }

/// The TCIA and BTCV multi-organ collections.
module TciaBtcv =
    /// The published folder structure with cropping.csv.
    let inFolder (path: DataPath) : ScanSource = { Path = path; Layout = ScanLayout.TciaBtcv }
