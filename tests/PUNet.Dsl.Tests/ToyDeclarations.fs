/// A small dataset, its classes and a backbone, for tests of what can be declared with them.
module PUNet.Dsl.Tests.ToyDeclarations

open PUNet.Dsl

let scans =
    dataset "toy" {
        source (Folder.pairs (data "toy") "{id}_ct.nii.gz" "{id}_seg.nii.gz")
        classes [ 1, "liver"; 2, "spleen"; 3, "lungs"; 4, "bone" ]
    }

let organs =
    classSplit scans {
        base_classes [ "liver"; "spleen" ]
        novel_classes [ "lungs"; "bone" ]
    }

let backbone = pretrain scans { supervise organs.Base }

/// What is wrong with a stage; empty where nothing is.
let found (stage: Stage<'T>) = stage.Node.Problems |> List.map string |> String.concat "\n"
