/// Models that were tuned separately on one backbone, as one model.
module internal PUNet.Dsl.Composition

/// Faults of putting these models together.
let private faults position (models: StageNode list) =
    let classes = models |> List.collect Evaluations.classes

    [ if models.IsEmpty then
          Problem.at position "compose is given no model" "it puts tuned models together" "none" "for example compose tuned"
      for model in models do
          if (StageSpec.adaptation model.Spec).IsNone then
              Problem.at
                  position
                  $"{model.Label} cannot be composed"
                  "compose takes models that were tuned on one backbone"
                  (StageSpec.kind model.Spec)
                  "give it what promptTune and the like yield"
      match models |> List.choose (StageNode.input "backbone") |> List.distinctBy LanguagePrimitives.PhysicalHash with
      | first :: second :: _ ->
          Problem.at
              position
              "the composed models have different backbones"
              "adapters fit only the backbone they were tuned on"
              $"{first.Label}, {second.Label}"
              "compose the models of each backbone by themselves"
      | _ -> ()
      for name, times in List.countBy id classes do
          if times > 1 then
              Problem.at
                  position
                  $"class \"{name}\" is learned by {times} of the composed models"
                  "each class comes from one model"
                  (models |> List.map _.Label |> String.concat ", ")
                  "leave the others out" ]

/// The stage that puts the models together.
let stage position (models: StageNode list) : Stage<Model> =
    let names = models |> List.collect Evaluations.classes |> String.concat ", "

    Stage<Model>
        { Spec = Compose { Adapters = models |> List.map Evaluations.classes }
          Label = $"compose({names})"
          LabelGiven = false
          Inputs = [ for i, model in List.indexed models -> $"adapter.{i}", StageInput.Stage model ]
          Position = position
          Settings = Map.empty
          Problems = faults position models }
