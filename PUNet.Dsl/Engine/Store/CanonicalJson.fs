/// Reads canonical values back from JSON.
module PUNet.Dsl.Engine.CanonicalJson

open System.Text.Json
open PUNet.Dsl

let private text (value: string | null) =
    match value with
    | null -> ""
    | text -> text

/// The canonical value of a JSON element.
let rec ofElement (element: JsonElement) : Canonical =
    match element.ValueKind with
    | JsonValueKind.String -> Text(text (element.GetString()))
    | JsonValueKind.Number -> Number(element.GetRawText())
    | JsonValueKind.True -> Truth true
    | JsonValueKind.False -> Truth false
    | JsonValueKind.Array -> element.EnumerateArray() |> Seq.map ofElement |> List.ofSeq |> Sequence
    | JsonValueKind.Object -> element.EnumerateObject() |> Seq.map (fun field -> field.Name, ofElement field.Value) |> Canonical.fields
    | _ -> Nothing

/// The canonical value of a JSON text. Raises JsonException where it is none.
let parse (json: string) =
    use document = JsonDocument.Parse json
    ofElement document.RootElement

/// A text field; empty where there is none.
let textField name canonical =
    match canonical with
    | Fields fields ->
        match Map.tryFind name fields with
        | Some(Text value) -> value
        | _ -> ""
    | _ -> ""

/// A field, or Nothing.
let field name canonical =
    match canonical with
    | Fields fields -> Map.tryFind name fields |> Option.defaultValue Nothing
    | _ -> Nothing

/// A whole number; 0 where there is none.
let integerField name canonical =
    match field name canonical with
    | Number digits ->
        match System.Int64.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture) with
        | true, value -> value
        | _ -> 0L
    | _ -> 0L

/// The items of a sequence; empty where there is none.
let items name canonical =
    match field name canonical with
    | Sequence items -> items
    | _ -> []
