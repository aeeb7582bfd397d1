/// The worst and the best subject of every model in a viewer of volumes.
module internal PUNet.Cli.Commands.VolumeSections

open System.Globalization
open PUNet.Cli.Rendering
open PUNet.Cli.Rendering.HtmlReport
open PUNet.Core.Inference.Pictures

let private percent (share: float) = (100.0 * share).ToString("0.0", CultureInfo.InvariantCulture)

let private volumes (scored: Scored) : (SubjectRank * Viewer.Viewed) list =
    match Finished.file scored.Stage SubjectVolumes.FileName, SubjectVolumes.Read scored.Folder |> Option.ofObj with
    | Some _, Some kept ->
        [ for volume in kept.Volumes do
              let file name = Finished.file scored.Stage name
              let rank = (string volume.Rank).ToLowerInvariant()
              let thinned = if volume.Step > 1 then $", every {volume.Step}. voxel" else ""

              match file volume.Image, file volume.Reference, file volume.Prediction with
              | Some image, Some reference, Some prediction ->
                  volume.Rank,
                  { Title = $"{scored.Model}, {rank}: {volume.Subject}, mean Dice {percent volume.MeanDice} %%{thinned}"
                    Image = image
                    Reference = reference
                    Prediction = prediction
                    Classes = List.ofSeq kept.Classes }
              | _ -> () ]
    | _ -> []

/// The worst of each model first, as far as the page has room. Raises IOException where a volume is damaged.
let make (scored: Scored list) =
    match scored |> List.collect volumes |> List.sortByDescending (fun (rank, _) -> rank = SubjectRank.Worst) with
    | [] -> []
    | found ->
        [ Heading "Volumes"
          Paragraph
              "The worst and the best subject of each model by the mean Dice of its classes, on the prepared grid; classes are coloured."
          Volumes(List.map snd found) ]
