namespace PUNet.Dsl

open PUNet.Core.Data
open PUNet.Core.Data.Layouts
open PUNet.Core.Data.Preparation

/// How HU become the network's input.
[<RequireQualifiedAccess>]
type IntensityRule =
    /// Clip to [low, high] HU and map to [−1, 1].
    | Window of low: float * high: float
    /// Map each volume's own range to [−1, 1]; for data that is not in HU.
    | PerVolume

/// How a dataset's source becomes volumes and label maps of one geometry (method.md, section 5).
type PreparationSettings =
    {
        Layout: ScanLayout
        /// Label values of the source and the names of their classes; labels of one name are merged, other labels are background.
        Classes: (int * string) list
        /// Target voxel size in mm along H, W, D; the source's own where not given.
        Spacing: (float * float * float) option
        /// In-plane size in voxels to crop or pad to, centred; not changed where not given.
        InPlaneExtent: int option
        /// Crop to the body with this margin in mm; no crop where not given.
        BodyCrop: float option
        Intensity: IntensityRule
        /// Subjects without a voxel of one of these classes are left out.
        RequiredClasses: string list
        /// Whether subjects without any foreground voxel are kept.
        KeepEmpty: bool
        /// Regular expression that finds the patient in a subject's id; scans of one patient stay in one part. The dataset's own patients where not given.
        GroupBy: string option
        Split: SplitRule
    }

module PreparationSettings =
    /// Names of the classes, in the order of each name's smallest label value.
    let classNames settings = settings.Classes |> List.sortBy fst |> List.map snd |> List.distinct

    /// Class names in the dataset's order, so that the order in a script does not matter; unknown ones last.
    let inOrder settings (names: string list) =
        let known = classNames settings
        names |> List.sortBy (fun name -> known |> List.tryFindIndex ((=) name) |> Option.defaultValue known.Length)

    /// How the source lies on disk: which files are the dataset's.
    let onDisk settings : DatasetLayout =
        match settings.Layout, settings.Split with
        | ScanLayout.Phantoms, _ -> PairedFolders()
        | ScanLayout.Pairs(image, labels), SplitRule.Given -> PartFolders(Image = image, Label = labels)
        | ScanLayout.Pairs(image, labels), (SplitRule.Shares _ | SplitRule.Fold _) -> PairedFolders(Image = image, Label = labels)
        | ScanLayout.CtOrg, _ -> CtOrg()
        | ScanLayout.TciaBtcv, _ -> Btcv()
        | ScanLayout.NnUNet channel, _ -> NnUNet(Channel = channel)
        | ScanLayout.CsvList table, _ -> CsvList(File = table)

    /// HU window and split of the paper; geometry as in the source.
    let ofLayout layout =
        { Layout = layout
          Classes = ScanLayout.classes layout
          Spacing = None
          InPlaneExtent = None
          BodyCrop = None
          Intensity = IntensityRule.Window(-1000.0, 1000.0)
          RequiredClasses = ScanLayout.requiredClasses layout
          KeepEmpty = false
          GroupBy = None
          Split = SplitRule.paper }
