/// In what two keys differ, as people read it.
module PUNet.Dsl.Engine.KeyChanges

open System
open PUNet.Dsl

/// Digits of a hash that are shown.
let private digits = 8

let private isInput (field: string) = field.StartsWith("inputs.", StringComparison.Ordinal)

/// A field's name for people: parameters are what a script sets, and go without that word.
let plain (field: string) = if field.StartsWith("parameters.", StringComparison.Ordinal) then field.Substring 11 else field

/// A field's value for people; hashes of inputs are shortened.
let shown (field: string) value =
    let text = Canonical.show value
    if isInput field && text.Length > digits then text.Substring(0, digits) else text

/// The leaves that say something: records without fields do not.
let leaves fields = Canonical.leaves fields |> Map.filter (fun _ value -> value <> Fields Map.empty)

/// The fields below one that is a record on this side: weight=0.1, momentum=0.99 and 3 more.
let private below (field: string) (leaves: Map<string, Canonical>) =
    let shownFields = 3
    let inner = leaves |> Map.toList |> List.filter (fun (name, _) -> name.StartsWith(field + ".", StringComparison.Ordinal))

    let texts =
        inner
        |> List.truncate shownFields
        |> List.map (fun (name, value) -> $"{name.Substring(field.Length + 1)}={shown name value}")

    let more = inner.Length - texts.Length

    if inner.IsEmpty then
        None
    else
        Some(String.concat ", " texts + (if more > 0 then $" and {more} more" else ""))

/// Fields in which two keys differ. Where one side has a value and the other a record, that is one difference. `unknown`: inputs whose
/// contents are not known yet, which differ in nothing so far.
let differences (unknown: Set<string>) (before: Canonical) (after: Canonical) : FieldChange list =
    let before, after = leaves before, leaves after
    let fields = Seq.append before.Keys after.Keys |> Seq.distinct |> Seq.sort |> List.ofSeq
    let isUnknown (field: string) = isInput field && unknown.Contains(field.Substring 7)

    /// A part of a record that stands as a whole against a value of the other side.
    let isWithin (field: string) =
        fields
        |> List.exists (fun other ->
            field.StartsWith(other + ".", StringComparison.Ordinal) && before.ContainsKey other <> after.ContainsKey other)

    let side (leaves: Map<string, Canonical>) field =
        match Map.tryFind field leaves with
        | Some value -> Some(shown field value)
        | None -> below field leaves

    /// What reads alike, such as the text "none" and no value, stands in its exact form.
    let exact (leaves: Map<string, Canonical>) field = Map.tryFind field leaves |> Option.map Canonical.toJson

    [ for field in fields do
          if Map.tryFind field before <> Map.tryFind field after && not (isUnknown field || isWithin field) then
              let former, now = side before field, side after field
              let former, now = if former = now then exact before field, exact after field else former, now
              { Field = plain field; Before = former; After = now; Functions = [] } ]

/// Functions that differ, are new or are gone, as people read them.
let private changedFunctions (before: Map<string, string>) (after: Map<string, string>) =
    let short (name: string) =
        let parts = name.Split("::", 2)
        let owner = parts[0].Substring(parts[0].LastIndexOf '.' + 1).Replace('/', '.')

        if parts.Length = 1 then
            owner
        else
            let member' = parts[1]

            let cut =
                [ member'.IndexOf '('; member'.IndexOf '`'; member'.IndexOf("instance ", StringComparison.Ordinal) ]
                |> List.filter (fun at -> at > 0)

            $"{owner}.{member'.Substring(0, List.min cut)}"

    Seq.append before.Keys after.Keys
    |> Seq.distinct
    |> Seq.filter (fun name -> Map.tryFind name before <> Map.tryFind name after)
    |> Seq.map short
    |> Seq.distinct
    |> Seq.sort
    |> List.ofSeq

/// The differences with the names of the functions behind a changed hash of the code, where they are known.
/// `known`: functions behind a hash; `current`: the functions of the stage now.
let withFunctions (known: string -> Map<string, string> option) (current: unit -> Map<string, string>) (changes: FieldChange list) =
    changes
    |> List.map (fun change ->
        match change.Field, change.Before |> Option.bind known with
        | "code", Some before -> { change with Functions = changedFunctions before (current ()) }
        | _ -> change)
