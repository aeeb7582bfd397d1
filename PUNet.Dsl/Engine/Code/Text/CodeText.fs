/// Writes functions and types with all names resolved, so that tokens, addresses, names of locals and the file do not matter.
/// What compilers make up is written out in its place.
module internal PUNet.Dsl.Engine.Code.CodeText

open System
open System.Reflection
open System.Reflection.Metadata
open System.Text

/// Whether others may call a method of a made-up type: by what it overrides, or as a property that they look into.
let private isForOthers (libraries: CodeLibraries) (id: MethodId) =
    let attributes, name = libraries.Method(id).Attributes, libraries.MethodName id
    attributes.HasFlag MethodAttributes.Virtual || name.StartsWith("get_", StringComparison.Ordinal)

/// Base, interfaces and properties of a made-up type, and the methods that others call; the rest follows when it is called.
let private madeUpType (libraries: CodeLibraries) (names: CodeNames) (text: StringBuilder) (id: TypeId) =
    let struct (library, _) = id
    let reader, definition = libraries.Reader library, libraries.Type id

    let inherits (handle: EntityHandle) =
        let parent = names.Names(library).Named handle
        parent.Head |> ValueOption.iter names.Make
        parent.Text

    text.Append("type ").Append(names.TypeName id).Append(": ") |> ignore

    if not definition.BaseType.IsNil then
        text.Append(inherits definition.BaseType) |> ignore

    for handle in definition.GetInterfaceImplementations() do
        text.Append(", ").Append(inherits (reader.GetInterfaceImplementation(handle).Interface)) |> ignore

    for handle in definition.GetProperties() do
        text.Append("; ").Append(reader.GetString(reader.GetPropertyDefinition(handle).Name)) |> ignore

    for method in libraries.Methods id do
        if isForOthers libraries method then
            text.Append("; ").Append(names.MethodName method) |> ignore

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
    names.Hold id
    text.Append("method ").Append(names.MethodName id).Append(names.Names(library).Method definition).Append '\n' |> ignore
    text.Append(TypeText.attributes libraries names library (definition.GetCustomAttributes())) |> ignore
    import libraries library (definition.GetImport()) text

    match libraries.Body id with
    | None -> ()
    | Some body ->
        if not body.LocalSignature.IsNil then
            let locals = names.Names(library).Locals(libraries.Reader(library).GetStandaloneSignature body.LocalSignature)
            let from = if body.LocalVariablesInitialized then "" else " of any value"
            text.Append("locals ").Append(locals).Append(from).Append '\n' |> ignore

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

/// The text of a type that has a name.
let ofType libraries id : FunctionText =
    let names, text = CodeNames libraries, StringBuilder()
    TypeText.write libraries names id text
    finish libraries names text
