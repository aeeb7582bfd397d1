namespace PUNet.Dsl.Engine.Code

open System.Collections.Generic
open System.Reflection
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335

/// What compilers made up and is written out where it is first used.
[<RequireQualifiedAccess>]
type internal MadeUp =
    | Type of TypeId
    | Method of MethodId

/// Names of types and members for one text, with a record of what they are named for. What compilers make up (closures,
/// lambdas, iterators) is numbered in the order of its first use.
[<Sealed>]
type internal CodeNames(libraries: CodeLibraries) =
    let numbers = Dictionary<struct (char * int * int), int>()
    let pending = Queue<MadeUp>()
    let holds, calls, virtuals = HashSet<MethodId>(), HashSet<MethodId>(), HashSet<MethodId>()
    let makes, hands = HashSet<TypeId>(), HashSet<TypeId>()
    let initialises, shares = HashSet<TypeId>(), HashSet<TypeId>()
    let known = Dictionary<int, SignatureNames>()

    /// The number of something that was made up; its text follows once where it has one.
    member private _.Number(kind: char, struct (library, row), text: MadeUp option) =
        match numbers.TryGetValue(struct (kind, library, row)) with
        | true, number -> $"#{kind}{number}"
        | _ ->
            let number = numbers.Count
            numbers[struct (kind, library, row)] <- number
            text |> Option.iter pending.Enqueue
            $"#{kind}{number}"

    /// Names for the signatures of a library.
    member names.Names library =
        match known.TryGetValue library with
        | true, found -> found
        | _ ->
            let found = SignatureNames(libraries, library, names.TypeName, names.Hand)
            known[library] <- found
            found

    /// The name of a type of these libraries, or the number of a made-up one. A value is there as soon as its type is named.
    member names.TypeName(id: TypeId) : string =
        if libraries.IsGenerated id then
            names.Number('t', id, Some(MadeUp.Type id))
        else
            (if libraries.IsValue id then
                 makes.Add id |> ignore)

            libraries.TypeName id

    /// An object of the type is made. What was made up is written out with all that others may call.
    member names.Make(id: TypeId) = if libraries.IsGenerated id then names.TypeName id |> ignore else makes.Add id |> ignore

    /// The type itself is given to code that may do with it what it likes.
    member names.Hand(id: TypeId) = if libraries.IsGenerated id then names.TypeName id |> ignore else hands.Add id |> ignore

    /// The initialisation of the type is triggered.
    member names.Initialise(id: TypeId) =
        if libraries.IsGenerated id then
            for method in libraries.Methods id do
                if libraries.MethodName method = ".cctor" then
                    names.MethodName method |> ignore
        else
            initialises.Add id |> ignore

    /// Name and signature of a method of these libraries; a made-up one is written out once.
    member names.MethodName(id: MethodId) : string =
        let struct (library, _) = id

        if libraries.IsGeneratedMethod id then
            names.Number('m', id, Some(MadeUp.Method id))
        else
            let signature = names.Names(library).Method(libraries.Method id)
            $"{libraries.TypeName(libraries.Declaring id)}::{libraries.MethodName id}{signature}"

    /// A method of these libraries is written out.
    member _.Hold(id: MethodId) = holds.Add id |> ignore

    /// Calls, or takes the address of, a method of these libraries. A static method without a body stands for one of a type
    /// argument.
    member names.Call(id: MethodId, isVirtual, makesObject) =
        let owner = libraries.Declaring id
        let attributes = libraries.Method(id).Attributes
        let isStatic = attributes.HasFlag MethodAttributes.Static

        if makesObject then
            names.Make owner

        if isStatic || libraries.MethodName id = ".ctor" then
            names.Initialise owner

        if not (libraries.IsGeneratedMethod id) then
            let depends = attributes.HasFlag MethodAttributes.Virtual && (isVirtual || isStatic)
            (if depends then virtuals else calls).Add id |> ignore

        names.MethodName id

    /// A field of these libraries, or the data that it stands for.
    member names.Field(library: int, row: int, isStatic) =
        let reader = libraries.Reader library
        let field = reader.GetFieldDefinition(MetadataTokens.FieldDefinitionHandle row)
        let owner: TypeId = struct (library, MetadataTokens.GetRowNumber(field.GetDeclaringType()))
        let kind = names.Names(library).Field field

        if isStatic then
            names.Initialise owner
            kind.Parts |> List.filter (libraries.IsGenerated >> not) |> List.iter (shares.Add >> ignore)

        if field.Attributes.HasFlag FieldAttributes.HasFieldRVA then
            $"data {Fields.data libraries library field}"
        elif libraries.IsGenerated owner then
            let number = names.Number('f', struct (library, row), None)
            $"{names.TypeName owner}.{number}: {kind.Text}"
        else
            let thread = if Fields.isOfThread libraries library field then " of a thread" else ""
            $"{libraries.TypeName owner}::{Fields.name (reader.GetString field.Name)}: {kind.Text}{thread}"

    /// What was numbered and is to be written next.
    member _.NextMadeUp() =
        match pending.TryDequeue() with
        | true, next -> Some next
        | _ -> None

    /// The text with all that was referred to in it.
    member _.Finish(text: string) =
        { Text = text
          Holds = List.ofSeq holds
          Calls = List.ofSeq calls
          VirtualCalls = List.ofSeq virtuals
          Makes = List.ofSeq makes
          Hands = List.ofSeq hands
          Initialises = List.ofSeq initialises
          Shares = List.ofSeq shares }
