/// Copies Core's immutable records with one property changed, which F# has no syntax for.
module internal PUNet.Dsl.CoreRecord

open System
open System.Reflection

/// A copy of the record in which the property has the value. Raises ArgumentException where there is no such property.
let set (property: string) (value: objnull) (record: 'Record when 'Record: not null) : 'Record =
    let kind = record.GetType()
    let flags = BindingFlags.Instance ||| BindingFlags.Public ||| BindingFlags.NonPublic

    match kind.GetMethod("<Clone>$", flags), kind.GetProperty(property, flags) with
    | null, _
    | _, null -> raise (ArgumentException $"{kind.Name} is no record with a property {property}.")
    | clone, target ->
        match clone.Invoke(record, null) with
        | null -> raise (ArgumentException $"{kind.Name} cannot be copied.")
        | copy ->
            target.SetValue(copy, value)
            unbox<'Record> copy
