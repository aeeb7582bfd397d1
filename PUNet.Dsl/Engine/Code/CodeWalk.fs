namespace PUNet.Dsl.Engine.Code

open System
open System.Collections.Generic
open System.Reflection
open System.Reflection.Metadata

/// The walk from one function to all that runs when it is called.
[<Sealed>]
type internal CodeWalk
    (
        libraries: CodeLibraries,
        families: TypeFamilies,
        virtuals: VirtualMethods,
        textOf: MethodId -> FunctionText,
        typeTextOf: TypeId -> FunctionText
    ) =
    let reached, queue = HashSet<MethodId>(), Queue<MethodId>()
    let made, called = HashSet<TypeId>(), HashSet<MethodId>()
    let known, typeQueue = HashSet<TypeId>(), Queue<TypeId>()
    let reflected = HashSet<TypeId>()
    // what the entry is given was made elsewhere: it only answers calls
    let given = HashSet<TypeId>()

    let isInstance (id: MethodId) = not (libraries.Method(id).Attributes.HasFlag MethodAttributes.Static)

    let isAccessor (id: MethodId) =
        let name = libraries.MethodName id

        isInstance id
        && (name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal))

    let named (types: SignatureType list) = types |> List.collect _.Parts |> List.filter (libraries.IsGenerated >> not)

    /// Types of these libraries in the fields of a type's objects.
    let fieldTypes (id: TypeId) =
        let struct (library, _) = id
        let plain = SignatureNames(libraries, library, libraries.TypeName)

        named
            [ for handle in libraries.Type(id).GetFields() do
                  let field = libraries.Reader(library).GetFieldDefinition handle

                  if not (field.Attributes.HasFlag FieldAttributes.Static) then
                      plain.Field field ]

    /// Types of these libraries in the signature of a method.
    let signatureTypes (id: MethodId) =
        let struct (library, _) = id
        named (SignatureNames(libraries, library, libraries.TypeName).Parameters(libraries.Method id))

    /// Whether a compiler wrote the method from the fields of its type: it says nothing more than they do.
    let isCompilerMade (id: MethodId) =
        let struct (library, _) = id
        let reader = libraries.Reader library

        libraries.Method(id).GetCustomAttributes()
        |> Seq.exists (fun handle ->
            match reader.GetCustomAttribute(handle).Constructor with
            | made when made.Kind = HandleKind.MemberReference ->
                let parent = reader.GetMemberReference(MemberReferenceHandle.op_Explicit made).Parent
                let name = SignatureNames(libraries, library, libraries.TypeName).Type parent
                name = "System.Runtime.CompilerServices.CompilerGeneratedAttribute"
            | _ -> false)

    let rec reach (method: MethodId) =
        if reached.Add method then
            queue.Enqueue method
            let struct (library, _) = method
            know (struct (library, 1)) // what initialises the whole library

    and know id =
        if known.Add id then
            typeQueue.Enqueue id
            // F# makes the values of a file in methods of a class of its own: in programs not in its static constructor
            let isFile = (libraries.TypeName id).StartsWith("<StartupCode$", StringComparison.Ordinal)

            for method in libraries.Methods id do
                if libraries.MethodName method = ".cctor" || isFile && libraries.Body(method).IsSome then
                    reach method

    let answer id =
        for slot in List.ofSeq called do
            virtuals.Implementations(slot, id) |> List.iter reach

    let rec make id =
        if made.Add id then
            know id
            families.Lineage id |> Seq.iter make
            virtuals.CalledFromOutside id |> List.iter reach
            libraries.Methods id |> List.filter isAccessor |> List.iter reach
            answer id

    /// Others may make objects of the type and of the types of its fields and properties, and look into them.
    let rec reflect id =
        if reflected.Add id then
            make id

            for method in libraries.Methods id do
                if libraries.MethodName method = ".ctor" then
                    reach method

                if isAccessor method then
                    signatureTypes method |> List.iter reflect

            fieldTypes id |> List.iter reflect
            families.Cases id |> List.iter reflect

    let rec give id =
        if given.Add id then
            answer id
            virtuals.CalledFromOutside id |> List.filter (isCompilerMade >> not) |> List.iter reach
            families.MayBe id |> List.iter give
            fieldTypes id |> List.iter give

    let call slot =
        if called.Add slot then
            reach slot

            for id in Seq.append made given |> List.ofSeq do
                virtuals.Implementations(slot, id) |> List.iter reach

    let follow (text: FunctionText) =
        text.Calls |> List.iter reach
        text.Initialises |> List.iter know
        text.Makes |> List.iter make
        text.Hands |> List.iter reflect
        text.Shares |> List.iter give
        text.VirtualCalls |> List.iter call

    /// Follows everything from a function.
    member _.From(entry: MethodId) =
        reach entry
        signatureTypes entry |> List.iter give

        while queue.Count > 0 || typeQueue.Count > 0 do
            if queue.Count > 0 then
                follow (textOf (queue.Dequeue()))
            else
                follow (typeTextOf (typeQueue.Dequeue()))

    /// Functions that run.
    member _.Reached: MethodId seq = reached
    /// Types that are made or initialised.
    member _.Known: TypeId seq = known
