/// Names of a dataset's classes.
module PUNet.Dsl.ClassNames

open PUNet.Core.Data.Preparation

/// Foreground classes in the order of each name's smallest label value.
let ofDataset (options: DatasetOptions) = List.ofSeq options.Preparation.ClassNames

/// Names in the dataset's order, so that the order in a script does not matter; unknown ones last.
let inOrder (known: string list) (names: string seq) =
    names
    |> Seq.sortBy (fun name -> known |> List.tryFindIndex ((=) name) |> Option.defaultValue known.Length)
    |> ResizeArray
