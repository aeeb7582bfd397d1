/// Rules that checks share. `where` gives the position of a keyword of the block in question.
module internal PUNet.Dsl.Rules

open System.Globalization

type Where = string -> SourcePosition

let private show (number: float) = number.ToString(CultureInfo.InvariantCulture)

/// Looks positions up among the settings of a block, else at its head.
let where (settings: Map<string, SourcePosition>) (head: SourcePosition) : Where =
    fun keyword ->
        match Map.tryFind keyword settings with
        | Some position -> SourcePosition.locate keyword position
        | None -> head

let positive (where: Where) keyword (value: int) =
    [ if value < 1 then
          Problem.at (where keyword) $"{keyword} is {value}" "it must be at least 1" (string value) "" ]

/// For learning rates, weights and the like.
let notNegative (where: Where) keyword (value: float) =
    [ if not (value >= 0.0) then
          Problem.at (where keyword) $"{keyword} is {show value}" "it must not be negative" (show value) "" ]

let aboveZero (where: Where) keyword (value: float) =
    [ if not (value > 0.0) then
          Problem.at (where keyword) $"{keyword} is {show value}" "it must be above 0" (show value) "" ]

/// In [0, 1].
let share (where: Where) keyword (value: float) =
    [ if not (value >= 0.0 && value <= 1.0) then
          Problem.at (where keyword) $"{keyword} is {show value}" "it is a share, from 0 to 1" (show value) "" ]

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
