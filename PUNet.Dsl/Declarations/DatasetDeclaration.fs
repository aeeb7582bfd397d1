namespace PUNet.Dsl

open PUNet.Core.Data.Layouts
open PUNet.Core.Data.Preparation

/// Files of the user, with how they are named and stored.
type ScanSource = { Path: DataPath; Layout: DatasetLayout }

/// A dataset as a script declares it; `Stage` prepares it.
type Dataset =
    { Name: string
      Stage: Stage<Scans>
      Options: DatasetOptions }

    /// Names of the foreground classes, in the order of their label values.
    member dataset.Classes = ClassNames.ofDataset dataset.Options
