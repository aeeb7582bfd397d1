/// Types in the words of the language.
module PUNet.Cli.Scripts.Mistakes.TypeWords

open System
open Microsoft.FSharp.Reflection
open PUNet.Dsl

let private numbers count = List.item count [ "no"; "one"; "two"; "three"; "four"; "five" ]

let private several =
    dict
        [ typeof<int>, "whole numbers"
          typeof<float>, "numbers"
          typeof<string>, "texts in quotes"
          typeof<Stage<Model>>, "models"
          typeof<Stage<Backbone>>, "backbones"
          typeof<TargetClass>, "classes"
          typeof<int * string>, "label values with names" ]

let private example =
    dict
        [ typeof<string list>, "[ \"liver\"; \"spleen\" ]"
          typeof<int list>, "[ 8; 16 ]"
          typeof<float list>, "[ 0.5; 1.0 ]"
          typeof<(int * string) list>, "[ 1, \"liver\"; 2, \"spleen\" ]"
          typeof<int * int>, "(1, 2)"
          typeof<int * int * int>, "(96, 96, 1)"
          typeof<float * float>, "(-160.0, 240.0)"
          typeof<float * float * float>, "(1.0, 1.0, 2.5)" ]

let private single =
    dict
        [ typeof<int>, "a whole number"
          typeof<float>, "a number"
          typeof<bool>, "true or false"
          typeof<string>, "a text in quotes"
          typeof<float option>, "None, or Some and a number in parentheses"
          typeof<ClassGroup>, "classes of a classSplit, for example organs.Base"
          typeof<TargetClass>, "a class of a classSplit"
          typeof<Stage<Model>>, "a model"
          typeof<Stage<Backbone>>, "a backbone"
          typeof<Stage<Volumes>>, "phantoms { … } in parentheses"
          typeof<ScanSource>, "files, for example (CtOrg.inFolder (data \"ct-org\"))"
          typeof<NetworkDeclaration>, "a network"
          typeof<Recipe>, "a recipe { … } or its name"
          typeof<(float * float * float) option>, "None"
          typeof<int option>, "None"
          typeof<PrototypeAssignment>, "cpa { … } in parentheses"
          typeof<CpaBuilder>, "cpa" ]

let private itemOf (kind: Type) =
    if kind.IsGenericType && (kind.Name = "FSharpList`1" || kind.Name = "IEnumerable`1") then
        Some(Array.head (kind.GetGenericArguments()))
    else
        None

/// What a keyword takes, as it would be told; an example where that says more.
let ofType (kind: Type) =
    let form =
        match single.TryGetValue kind, itemOf kind with
        | (true, words), _ -> words
        | _, Some item when several.ContainsKey item -> $"a list of {several[item]}"
        | _ when FSharpType.IsTuple kind ->
            let parts = FSharpType.GetTupleElements kind
            $"{numbers parts.Length} {several[parts[0]]} in parentheses"
        | _ when kind.IsEnum || FSharpType.IsUnion kind -> $"{kind.Name}.… with one of its cases"
        | _ -> kind.Name

    match example.TryGetValue kind with
    | true, example -> $"{form}, {example}"
    | _ -> form

/// What overloads of a keyword take: a whole number; a list of texts, or classes.
let ofOverloads (overloads: Type list list) =
    [ for takes in overloads ->
          match takes with
          | [] -> "nothing behind it"
          | takes -> takes |> List.map ofType |> String.concat " and " ]
    |> List.distinct
    |> String.concat ", or "

let private nameOf (name: string) =
    let plain =
        [ "int", "a whole number"
          "float", "a number with a point"
          "string", "a text"
          "bool", "true or false"
          "unit", "nothing"
          "ClassGroup", "several classes"
          "TargetClass", "a class"
          "Dataset", "a dataset"
          "Stage<Model>", "one model"
          "Stage<Backbone>", "one backbone"
          "Stage<Model> list", "a list of models"
          "Stage<Backbone> list", "a list of backbones"
          "string list", "a list of texts"
          "int list", "a list of whole numbers"
          "float list", "a list of numbers" ]

    plain |> List.tryFind (fun (known, _) -> known = name) |> Option.map snd |> Option.defaultValue name

/// The compiler's name of a type, or of several that are given together.
let ofName (name: string) = name.Split " * " |> Array.map (fun part -> nameOf (part.Trim())) |> String.concat " and "
