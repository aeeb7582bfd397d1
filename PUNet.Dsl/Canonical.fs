namespace PUNet.Dsl

open System
open System.Globalization
open System.Security.Cryptography
open System.Text

/// A value in the one form that keys are made of: ordered, the same under every culture, nothing left out.
type Canonical =
    | Nothing
    | Text of string
    /// A number in the shortest decimal form that reads back to the same bits.
    | Number of string
    | Truth of bool
    | Sequence of Canonical list
    | Fields of Map<string, Canonical>

module Canonical =
    /// A whole number.
    let integer (value: int64) = Number(value.ToString CultureInfo.InvariantCulture)

    /// A floating-point number; −0 is 0, as both compute the same.
    let real (value: float) = Number((if value = 0.0 then 0.0 else value).ToString("R", CultureInfo.InvariantCulture))

    /// Named fields; their order does not matter.
    let fields (named: (string * Canonical) seq) = Fields(Map.ofSeq named)

    /// The fields of one field, which is a record itself, among those of the whole.
    let lift name canonical =
        match canonical with
        | Fields named ->
            match named.TryFind name with
            | Some(Fields inner) -> Fields(Map.foldBack Map.add inner (named.Remove name))
            | _ -> canonical
        | _ -> canonical

    let private quote (text: string) =
        let builder = StringBuilder().Append '"'

        for character in text do
            match character with
            | '"' -> builder.Append "\\\""
            | '\\' -> builder.Append "\\\\"
            | c when c < ' ' -> builder.Append("\\u").Append((int c).ToString("x4", CultureInfo.InvariantCulture))
            | c -> builder.Append c
            |> ignore

        builder.Append('"').ToString()

    /// One line of JSON, with the fields in ordinal order.
    let rec toJson canonical =
        match canonical with
        | Nothing -> "null"
        | Text text -> quote text
        | Number digits ->
            match digits with
            | "NaN"
            | "Infinity"
            | "-Infinity" -> quote digits
            | _ -> digits
        | Truth value -> if value then "true" else "false"
        | Sequence items -> "[" + (items |> List.map toJson |> String.concat ",") + "]"
        | Fields named ->
            let shown = Map.toArray named |> Array.map (fun (name, value) -> quote name + ":" + toJson value) // F# orders text ordinally
            "{" + String.concat "," shown + "}"

    /// SHA-256 of the UTF-8 text, 64 lower-case hexadecimal digits.
    let hashText (text: string) = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes text))

    /// SHA-256 of the JSON line.
    let hash canonical = hashText (toJson canonical)

    /// Every leaf by its path, for example parameters.network.heads = 8; empty sequences and maps count as leaves.
    let leaves canonical =
        let rec walk path value =
            let below name = if path = "" then name else path + "." + name

            match value with
            | Sequence items when
                not items.IsEmpty
                && items
                   |> List.exists (function
                       | Sequence _
                       | Fields _ -> true
                       | _ -> false)
                ->
                items |> List.mapi (fun i item -> walk (below (string i)) item) |> List.concat
            | Fields named when not named.IsEmpty -> Map.toList named |> List.collect (fun (name, item) -> walk (below name) item)
            | leaf -> [ path, leaf ]

        Map.ofList (walk "" canonical)

    /// A leaf as people read it: text without quotes.
    let show canonical =
        match canonical with
        | Text text -> text
        | Nothing -> "none"
        | other -> toJson other
