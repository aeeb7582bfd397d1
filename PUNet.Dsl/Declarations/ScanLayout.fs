namespace PUNet.Dsl

open System
open System.Text.RegularExpressions

/// How images and label maps of a dataset are named and stored.
type ScanLayout =
    /// Pairs of files whose names hold {id}, below folders train, validation and test where the split is given.
    | Pairs of image: string * labels: string
    /// volume-N.nii.gz with labels-N.nii.gz (CT-ORG).
    | CtOrg
    /// The two folders pairs and cropping.csv of TCIA and BTCV.
    | TciaBtcv

module ScanLayout =
    let private matches (pattern: string) =
        let regex = "^" + Regex.Escape(pattern).Replace(Regex.Escape "{id}", ".+") + "$"
        fun (name: string) -> Regex.IsMatch(name, regex, RegexOptions.CultureInvariant)

    let private isImage (name: string) =
        name.EndsWith(".nii", StringComparison.Ordinal) || name.EndsWith(".nii.gz", StringComparison.Ordinal)

    /// Whether a file of the dataset's folder, given by its name, belongs to the dataset; the others are not read and not hashed.
    let reads layout : string -> bool =
        match layout with
        | Pairs(image, labels) -> let image, labels = matches image, matches labels in fun name -> image name || labels name
        | CtOrg -> fun name -> isImage name && (name.StartsWith "volume-" || name.StartsWith "labels-")
        | TciaBtcv -> fun name -> isImage name || name = "cropping.csv"

    /// Classes of the layout's own label maps: label value and name.
    let classes layout =
        match layout with
        | Pairs _ -> []
        | CtOrg -> [ 1, "liver"; 2, "bladder"; 3, "lungs"; 4, "kidneys"; 5, "bone" ]
        | TciaBtcv ->
            [ 1, "spleen"
              3, "left kidney"
              4, "gallbladder"
              5, "esophagus"
              6, "liver"
              7, "stomach"
              11, "pancreas"
              14, "duodenum" ]
