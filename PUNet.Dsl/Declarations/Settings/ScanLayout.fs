namespace PUNet.Dsl

open PUNet.Core.Data
open PUNet.Core.Data.Layouts
open PUNet.Core.Data.Phantoms

/// How images and label maps of a dataset are named and stored.
[<RequireQualifiedAccess>]
type ScanLayout =
    /// Pairs of files whose paths hold {id}, below folders train, validation and test where the split is given.
    | Pairs of image: string * labels: string
    /// The generator's own: images/{id}.nii.gz with labels/{id}.nii.gz.
    | Phantoms
    /// volume-N.nii.gz with labels-N.nii.gz (CT-ORG).
    | CtOrg
    /// The two folders pairs and cropping.csv of TCIA and BTCV.
    | TciaBtcv
    /// imagesTr, labelsTr and dataset.json of nnU-Net and the Medical Segmentation Decathlon; one channel of the images.
    | NnUNet of channel: int
    /// A table with the columns id, image, label and, where wanted, part, patient, domain.
    | CsvList of table: string

module ScanLayout =
    /// Classes of the layout's own label maps: label value and name.
    let classes layout =
        match layout with
        | ScanLayout.Pairs _
        | ScanLayout.NnUNet _
        | ScanLayout.CsvList _ -> []
        | ScanLayout.Phantoms -> [ for i, name in Seq.indexed PhantomGenerator.Classes -> i + 1, name ]
        | ScanLayout.CtOrg -> [ 1, "liver"; 2, "bladder"; 3, "lungs"; 4, "kidneys"; 5, "bone" ]
        | ScanLayout.TciaBtcv ->
            [ 1, "spleen"
              3, "left kidney"
              4, "gallbladder"
              5, "esophagus"
              6, "liver"
              7, "stomach"
              11, "pancreas"
              14, "duodenum" ]

    /// Classes that a subject must show to be kept.
    let requiredClasses layout =
        match layout with
        | ScanLayout.CtOrg -> [ "liver" ]
        | ScanLayout.Pairs _
        | ScanLayout.Phantoms
        | ScanLayout.TciaBtcv
        | ScanLayout.NnUNet _
        | ScanLayout.CsvList _ -> []

    /// Whether volumes are turned to one orientation; the published preparation of the two collections leaves axes as they are.
    let isReoriented layout =
        match layout with
        | ScanLayout.CtOrg
        | ScanLayout.TciaBtcv -> false
        | ScanLayout.Pairs _
        | ScanLayout.Phantoms
        | ScanLayout.NnUNet _
        | ScanLayout.CsvList _ -> true
