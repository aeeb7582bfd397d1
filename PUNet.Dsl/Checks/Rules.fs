/// Rules that checks share. `where` gives the position of a keyword of the block in question.
module internal PUNet.Dsl.Rules

open System

type Where = string -> SourcePosition

/// Keywords that set what others set too: a value of one may have come by any of them.
let private families =
    [ "body_rate", "rate"
      "prompt_rate", "rate"
      "initial_tokens", "start_from_base_mean"
      "start_from_base_mean", "initial_tokens"
      "target", "targets"
      "intensity_window", "normalise_per_volume"
      "class_weights", "ratio_factor"
      "ratio_factor", "class_weights" ]

/// The word by which a block gives a setting: the setting's own keyword, or another one that sets it.
let spoken (given: Map<string, SourcePosition>) keyword =
    if given.ContainsKey keyword then
        Some keyword
    else
        families |> List.tryPick (fun (one, other) -> if one = keyword && given.ContainsKey other then Some other else None)

/// Looks positions up among the settings of a block, else at the block's own word on its first line.
let where (settings: Map<string, SourcePosition>) (block: string) (head: SourcePosition) : Where =
    fun keyword ->
        match spoken settings keyword with
        | Some word -> SourcePosition.locate word settings[word]
        | None -> SourcePosition.locate block head

/// The first of some keywords that is given, for a rule about how their values fit together.
let firstOf (given: Map<string, SourcePosition>) keywords =
    keywords |> List.tryFind given.ContainsKey |> Option.defaultValue (List.head keywords)

/// A name that tables and the command line can show.
let named position what (name: string) =
    [ if String.IsNullOrWhiteSpace name || name.Contains '\n' then
          Problem.at position $"{what} has no name" "it is told by one line of text" $"\"{name}\"" "" ]

/// Names that are no class of the dataset.
let knownClasses position (datasetClasses: string list) (given: string list) =
    [ for name in given do
          if not (List.contains name datasetClasses) then
              Problem.at
                  position
                  $"unknown class \"{name}\""
                  "a class must be one of the dataset's"
                  (String.concat ", " given)
                  (NearestName.remedy name datasetClasses) ]

/// Names that stand twice in a list.
let distinctClasses position (given: string list) =
    [ for name, times in List.countBy id given do
          if times > 1 then
              Problem.at
                  position
                  $"class \"{name}\" stands {times} times in the list"
                  "each class stands once"
                  (String.concat ", " given)
                  "remove the repetition" ]
