// The paper's experiment on TCIA/BTCV (90 abdominal CT scans; Zenodo 1169361): a backbone learns one group of organs, each organ of the other
// group is then added by prompts alone, or by tuning everything; both ways round. `paper` takes what it states.
// Full size: for a GPU. Needs the data: punet run experiments/btcv.fsx --data DIR, where DIR/btcv holds the four folders of images and labels,
// and cropping.csv (docs/data.md).
#load "punet.fsx"

open PUNet.Dsl

let scans = dataset "TCIA/BTCV" { source (TciaBtcv.inFolder (data "btcv")) }

let abdominal = [ "spleen"; "left kidney"; "gallbladder"; "liver" ]
let digestive = [ "esophagus"; "stomach"; "pancreas"; "duodenum" ]

// All trainings weigh classes by how rare they are with a tenth of the factor that CT-ORG has.
let weighed = recipe { focal_loss { ratio_factor 0.001 } }

let learn name first second =
    let organs =
        classSplit scans {
            base_classes first
            novel_classes second
        }

    let backbone =
        pretrain scans {
            paper
            follow weighed
            label name
            supervise organs.Base
            self_supervise cpa
        }

    let tuned =
        [ for organ in organs.Novel ->
              promptTune backbone {
                  paper
                  follow weighed
                  target organ
              } ]

    let full =
        [ for organ in organs.Novel ->
              fineTune backbone {
                  paper
                  follow weighed
                  target organ
              } ]

    tuned, full

let digestiveTuned, digestiveFull = learn "abdominal organs" abdominal digestive
let abdominalTuned, abdominalFull = learn "digestive system" digestive abdominal

experiment "btcv" {
    evaluate (digestiveTuned @ abdominalTuned)
    evaluate (digestiveFull @ abdominalFull)
    compare digestiveTuned digestiveFull
    compare abdominalTuned abdominalFull
    components ComponentRule.All
}
