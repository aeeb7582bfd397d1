/// Writes functions and types with all names resolved, so that tokens, addresses, names of locals and the file do not matter.
/// What compilers make up is written out in its place.
module internal PUNet.Dsl.Engine.Code.CodeText

open System.Reflection.Metadata
open System.Text

/// Base, interfaces and properties of a made-up type; its methods follow when they are called, those that others call at once.
let private madeUpType (libraries: CodeLibraries) (names: CodeNames) (text: StringBuilder) (id: TypeId) =
    let struct (library, _) = id
    let reader, definition = libraries.Reader library, libraries.Type id
    let named handle = names.Names(library).Type handle
    text.Append("type ").Append(names.TypeName id).Append(": ").Append(named definition.BaseType) |> ignore

    for handle in definition.GetInterfaceImplementations() do
        text.Append(", ").Append(named (reader.GetInterfaceImplementation(handle).Interface)) |> ignore

    for handle in definition.GetProperties() do
        text.Append("; ").Append(reader.GetString(reader.GetPropertyDefinition(handle).Name)) |> ignore

    text.Append '\n' |> ignore

/// The function of another program that a method stands for.
let private import (libraries: CodeLibraries) library (import: MethodImport) (text: StringBuilder) =
    if not import.Module.IsNil then
        let reader = libraries.Reader library
        let from = reader.GetString(reader.GetModuleReference(import.Module).Name)
        text.Append("import ").Append(from).Append(' ').Append(reader.GetString import.Name).Append '\n' |> ignore

/// Signature, locals, instructions and exception regions of a method.
let private method (libraries: CodeLibraries) (names: CodeNames) (text: StringBuilder) (id: MethodId) =
    let struct (library, _) = id
    let definition = libraries.Method id
    let signature = definition.DecodeSignature(names.Names library, null)
    text.Append("method ").Append(names.MethodName id).Append(names.Names(library).Method signature).Append '\n' |> ignore
    import libraries library (definition.GetImport()) text

    match libraries.Body id with
    | None -> ()
    | Some body ->
        if not body.LocalSignature.IsNil then
            let locals = libraries.Reader(library).GetStandaloneSignature body.LocalSignature
            text.Append("locals ").AppendJoin(",", locals.DecodeLocalSignature(names.Names library, null)).Append '\n' |> ignore

        let instructions, at = Il.decode (body.GetILBytes() |> Option.ofObj |> Option.defaultValue [||])

        for line in InstructionText(libraries, names).Lines(library, instructions) do
            text.Append(line).Append '\n' |> ignore

        for region in body.ExceptionRegions do
            let kind = if region.CatchType.IsNil then string region.Kind else names.Names(library).Type region.CatchType
            let start, finish = at region.TryOffset, at (region.TryOffset + region.TryLength)
            let handler, behind = at region.HandlerOffset, at (region.HandlerOffset + region.HandlerLength)
            text.Append($"try {start} {finish} {kind} {handler} {behind}\n") |> ignore

/// Writes what was made up on the way, and ends the text.
let rec private finish libraries (names: CodeNames) text =
    match names.NextMadeUp() with
    | Some made ->
        match made with
        | MadeUp.Type id -> madeUpType libraries names text id
        | MadeUp.Method id -> method libraries names text id

        finish libraries names text
    | None -> names.Finish(string text)

/// The text of a function that has a name.
let ofMethod libraries id : FunctionText =
    let names, text = CodeNames libraries, StringBuilder()
    method libraries names text id
    finish libraries names text

/// The text of a type that has a name; `reflected`: as reflection sees it.
let ofType libraries id reflected : FunctionText =
    let names, text = CodeNames libraries, StringBuilder()
    TypeText.write libraries names id reflected text
    finish libraries names text
