namespace PUNet.Dsl.Engine.Code

open System
open System.Collections.Generic
open System.Reflection.Metadata

/// The walk from one function to all that runs when it is called.
[<Sealed>]
type internal CodeWalk(libraries: CodeLibraries, families: TypeFamilies, virtuals: VirtualMethods, textOf: MethodId -> FunctionText) =
    let reached, queue = HashSet<MethodId>(), Queue<MethodId>()
    let made, called, known = HashSet<TypeId>(), HashSet<MethodId>(), HashSet<TypeId>()
    let reflected = HashSet<TypeId>()
    // what the entry is given was made elsewhere: it only answers virtual calls
    let given = HashSet<TypeId>()

    let isAccessor (id: MethodId) =
        let name = libraries.MethodName id
        name = ".ctor" || name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal)

    /// Types of these libraries that `decode` reads in signatures of a library.
    let typesIn library (decode: SignatureNames -> unit) =
        let found = List<TypeId>()
        decode (SignatureNames.Noting(libraries, library, found.Add))
        found

    /// Types of these libraries in the fields of a type, which reflection follows.
    let fieldTypes (id: TypeId) =
        let struct (library, _) = id

        typesIn library (fun noting ->
            for handle in libraries.Type(id).GetFields() do
                libraries.Reader(library).GetFieldDefinition(handle).DecodeSignature(noting, null) |> ignore)

    /// Types of these libraries among the parameters of a method.
    let parameterTypes (id: MethodId) =
        let struct (library, _) = id
        typesIn library (fun noting -> libraries.Method(id).DecodeSignature(noting, null) |> ignore)

    let reach method =
        if reached.Add method then
            queue.Enqueue method

    let know id =
        if known.Add id then
            // F# makes the values of a file in methods of a class of its own: in programs not in its static constructor
            let isFile = (libraries.TypeName id).StartsWith("<StartupCode$", StringComparison.Ordinal)

            for method in libraries.Methods id do
                if libraries.MethodName method = ".cctor" || isFile && libraries.Body(method).IsSome then
                    reach method

    let answer id =
        for slot in List.ofSeq called do
            virtuals.Implementations(slot, id) |> List.iter reach

    let make id =
        know id

        if made.Add id then
            virtuals.CalledFromOutside id |> List.iter reach
            answer id

    let rec reflect id =
        if reflected.Add id then
            make id
            libraries.Methods id |> List.filter isAccessor |> List.iter reach
            fieldTypes id |> Seq.iter reflect
            families.MayBe id |> List.iter reflect

    let rec give id =
        if given.Add id then
            answer id
            families.MayBe id |> List.iter give
            fieldTypes id |> Seq.iter give

    let call slot =
        if called.Add slot then
            reach slot

            for id in Seq.append made given |> List.ofSeq do
                virtuals.Implementations(slot, id) |> List.iter reach

    /// Follows everything from a function.
    member _.From(entry: MethodId) =
        reach entry
        parameterTypes entry |> Seq.iter give

        while queue.Count > 0 do
            let text = textOf (queue.Dequeue())
            text.Calls |> List.iter reach
            text.Initialises |> List.iter know
            text.Makes |> List.iter make
            text.Mentions |> List.iter reflect
            text.VirtualCalls |> List.iter call

    /// Functions that run.
    member _.Reached: MethodId seq = reached
    /// Types that are made or initialised.
    member _.Known: TypeId seq = known
    /// Whether reflection may look into a type.
    member _.IsReflected id = reflected.Contains id
