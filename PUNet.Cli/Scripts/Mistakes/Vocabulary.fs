/// The words of the language, as its library declares them.
module PUNet.Cli.Scripts.Mistakes.Vocabulary

open System
open System.Reflection
open PUNet.Dsl

/// A keyword of a block with the types that it takes.
type Keyword = { Block: string; Name: string; Takes: Type list }

let private library = typeof<BlockKeyword>.Assembly

/// Modules and types whose members a script uses without their name.
let private opened =
    lazy
        [ for kind in library.GetTypes() do
              if kind.IsPublic && kind.GetCustomAttributes<AutoOpenAttribute>() |> Seq.isEmpty |> not then
                  kind ]

let private members (kind: Type) =
    kind.GetMembers(BindingFlags.Public ||| BindingFlags.Static ||| BindingFlags.DeclaredOnly)
    |> Seq.filter (fun found ->
        let isHidden = // accessors, and members that belong to builders
            match found with
            | :? MethodInfo as method -> method.IsSpecialName || method.Name.Contains '.'
            | _ -> false

        not isHidden && found.MemberType <> MemberTypes.NestedType)

/// Every word that `open PUNet.Dsl` brings.
let words =
    lazy
        [ for kind in opened.Value do
              for found in members kind do
                  found.Name ]

/// Words that stand before a brace, with the builder behind each.
let private builders =
    lazy
        [ for kind in opened.Value do
              for found in members kind do
                  let result =
                      match found with
                      | :? MethodInfo as method -> method.ReturnType
                      | :? PropertyInfo as property -> property.PropertyType
                      | _ -> typeof<unit>

                  if result.Name.EndsWith("Builder", StringComparison.Ordinal) then
                      found.Name, result ]

let blocks = lazy (builders.Value |> List.map fst |> List.distinct)

/// Every keyword of every block, one entry per overload.
let keywords =
    lazy
        [ for block, builder in builders.Value do
              for keyword in BlockKeyword.ofBuilder builder do
                  { Block = block; Name = keyword.Name; Takes = keyword.Takes } ]

/// Words of the blocks that stand within a block.
let inner block =
    let yielded = builders.Value |> List.filter (fun (name, _) -> name = block) |> List.collect (snd >> BlockKeyword.innerOf)

    [ for name, builder in builders.Value do
          match builder.GetMethod "Run" with
          | null -> ()
          | run when List.contains run.ReturnType yielded -> name
          | _ -> () ]

let isKeyword word = keywords.Value |> List.exists (fun keyword -> keyword.Name = word)

/// What a keyword takes, one list per overload; in its block where that is known.
let takes (block: string option) word =
    let all = keywords.Value |> List.filter (fun keyword -> keyword.Name = word)
    let own = all |> List.filter (fun keyword -> Some keyword.Block = block)
    (if own.IsEmpty then all else own) |> List.map _.Takes |> List.distinct
