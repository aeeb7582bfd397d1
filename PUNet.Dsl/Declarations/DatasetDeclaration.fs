namespace PUNet.Dsl

/// Files of the user, with how they are named and stored.
type ScanSource = { Path: DataPath; Layout: ScanLayout }

/// A dataset as a script declares it; `Stage` prepares it.
type Dataset =
    { Name: string
      Stage: Stage<Scans>
      Settings: PreparationSettings }

    /// Names of the foreground classes, in the order of their label values.
    member dataset.Classes = PreparationSettings.classNames dataset.Settings
