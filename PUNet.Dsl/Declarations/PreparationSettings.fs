namespace PUNet.Dsl

/// How HU become the network's input.
[<RequireQualifiedAccess>]
type IntensityRule =
    /// Clip to [low, high] HU and map to [−1, 1].
    | Window of low: float * high: float
    /// Map each volume's own range to [−1, 1]; for data that is not in HU.
    | PerVolume

/// How a dataset's source becomes volumes and label maps of one geometry (method.md, section 5).
type PreparationSettings =
    { Layout: ScanLayout
      /// Label values of the source and the names of their classes; other labels are background.
      Classes: (int * string) list
      /// Target voxel size in mm along H, W, D; the source's own where not given.
      Spacing: (float * float * float) option
      /// In-plane size in voxels to crop or pad to, centred; not changed where not given.
      InPlaneExtent: int option
      /// Crop to the body with this margin in mm; no crop where not given.
      BodyCrop: float option
      Intensity: IntensityRule
      Split: SplitRule }

module PreparationSettings =
    /// HU window and split of the paper; geometry as in the source.
    let ofLayout layout =
        { Layout = layout
          Classes = ScanLayout.classes layout
          Spacing = None
          InPlaneExtent = None
          BodyCrop = None
          Intensity = IntensityRule.Window(-1000.0, 1000.0)
          Split = SplitRule.paper }
