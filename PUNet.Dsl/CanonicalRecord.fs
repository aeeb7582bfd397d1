/// Turns the records of a declaration into canonical values. Works on every property by itself, so that a field added
/// to a record is in the keys from that moment on.
module PUNet.Dsl.CanonicalRecord

open System
open System.Collections
open System.Collections.Generic
open System.Globalization
open System.Reflection
open Microsoft.FSharp.Reflection
open PUNet.Core.Common.Settings

let private isGeneric (definition: Type) (candidate: Type) = candidate.IsGenericType && candidate.GetGenericTypeDefinition() = definition

let private settable (kind: Type) =
    kind.GetProperties(BindingFlags.Public ||| BindingFlags.Instance)
    |> Array.filter (fun property -> property.CanRead && property.CanWrite && property.GetIndexParameters().Length = 0)

/// A field's name as its keyword in scripts.
let private keyword (name: string) = SettingName.Of name

let private invariant (value: objnull) : string =
    match Convert.ToString(value, CultureInfo.InvariantCulture) with
    | null -> ""
    | text -> text

let private read (name: string) (value: obj) : objnull =
    match value.GetType().GetProperty name with
    | null -> raise (ArgumentException $"{value.GetType().FullName} has no property {name}.")
    | property -> property.GetValue value

let private elements (value: obj) =
    match value with
    | :? IEnumerable as items -> items |> Seq.cast<objnull>
    | _ -> Seq.empty

/// The canonical form of a record, union, tuple, option, list, map, enumeration, C# record or plain value.
/// Raises ArgumentException for a type it has no rule for, so that nothing is left out of a key in silence.
let rec ofObject (value: objnull) : Canonical =
    match value with
    | null -> Nothing
    | :? string as text -> Text text
    | :? bool as truth -> Truth truth
    | :? float as number -> Canonical.real number
    | :? float32 as number -> Number((if number = 0f then 0f else number).ToString("R", CultureInfo.InvariantCulture))
    | :? Enum as case -> Text(keyword (invariant case))
    | :? Canonical as canonical -> canonical
    | :? int8
    | :? uint8
    | :? int16
    | :? uint16
    | :? int
    | :? uint32
    | :? int64
    | :? uint64
    | :? decimal -> Number(invariant value)
    | other -> ofCompound (other.GetType()) other

and private ofCompound (kind: Type) (value: obj) =
    if isGeneric typedefof<option<_>> kind then
        ofObject (read "Value" value)
    elif isGeneric typedefof<KeyValuePair<_, _>> kind then
        Sequence [ ofObject (read "Key" value); ofObject (read "Value" value) ]
    elif isGeneric typedefof<Map<_, _>> kind then
        elements value
        |> Seq.choose (fun pair ->
            match pair with
            | null -> None
            | pair -> Some(invariant (read "Key" pair), ofObject (read "Value" pair)))
        |> Canonical.fields
    elif FSharpType.IsTuple kind then
        FSharpValue.GetTupleFields value |> Seq.map ofObject |> List.ofSeq |> Sequence
    elif FSharpType.IsRecord(kind, true) then
        FSharpType.GetRecordFields(kind, true)
        |> Array.map (fun field -> keyword field.Name, ofObject (field.GetValue value))
        |> Canonical.fields
    elif typeof<IEnumerable>.IsAssignableFrom kind then
        elements value |> Seq.map ofObject |> List.ofSeq |> Sequence
    elif FSharpType.IsUnion(kind, true) then
        ofUnion kind value
    else
        ofProperties kind value

and private ofUnion (kind: Type) (value: obj) =
    let case, items = FSharpValue.GetUnionFields(value, kind, true)

    match items with
    | [||] -> Text(keyword case.Name)
    | _ ->
        let named = Array.zip (case.GetFields()) items |> Array.map (fun (field, item) -> keyword field.Name, ofObject item)

        Canonical.fields [ keyword case.Name, Canonical.fields named ]

and private ofProperties (kind: Type) (value: obj) =
    let properties = settable kind |> Array.map (fun property -> keyword property.Name, ofObject (property.GetValue value))

    match Array.append (caseOf kind) properties with
    | [||] -> raise (ArgumentException $"{kind.FullName} cannot be part of a key: it has no settable property.")
    | fields -> Canonical.fields fields

/// Which case of an abstract record a value is: cases may have the same properties.
and private caseOf (kind: Type) =
    match kind.BaseType with
    | null -> [||]
    | parent when parent.IsAbstract -> [| "case", Text kind.Name |]
    | _ -> [||]
