namespace PUNet.Dsl.Engine.Code

open System
open System.Collections.Generic
open System.Reflection.Emit
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335
open System.Text
open System.Text.RegularExpressions

/// What a function does, in words that depend on nothing else, and what it refers to.
type FunctionText =
    {
        Text: string
        /// Functions that it calls or takes the address of.
        Calls: MethodId list
        /// Virtual functions that it calls: which one runs depends on the object.
        VirtualCalls: MethodId list
        /// Types whose objects it makes.
        Makes: TypeId list
        /// Types that it hands on as such, to be made or looked into by reflection.
        Mentions: TypeId list
        /// Types whose initialisation it triggers.
        Initialises: TypeId list
    }

/// Writes the instructions of a function with all names resolved, so that tokens, addresses, names of locals and the file
/// do not matter. What compilers make up (closures, lambdas, iterators) is numbered in the order of its first use and
/// written out in its place.
[<Sealed>]
type private FunctionWriter(libraries: CodeLibraries) =
    let text = StringBuilder()
    let numbers = Dictionary<struct (char * int * int), int>()
    let pending = Queue<unit -> unit>()
    let calls, virtuals = HashSet<MethodId>(), HashSet<MethodId>()
    let makes, mentions, initialises = HashSet<TypeId>(), HashSet<TypeId>(), HashSet<TypeId>()
    let names = Dictionary<int, SignatureNames>()

    /// The number of something that was made up; `describe` runs at its first use.
    member private _.Number(kind: char, struct (library, row), describe: unit -> unit) =
        match numbers.TryGetValue(struct (kind, library, row)) with
        | true, number -> $"#{kind}{number}"
        | _ ->
            let number = numbers.Count
            numbers[struct (kind, library, row)] <- number
            pending.Enqueue describe
            $"#{kind}{number}"

    member private writer.Names library =
        match names.TryGetValue library with
        | true, found -> found
        | _ ->
            let found = SignatureNames(libraries, library, writer.TypeName)
            names[library] <- found
            found

    member private writer.TypeName(id: TypeId) : string =
        if libraries.IsGenerated id then
            writer.Number('t', id, (fun () -> writer.GeneratedType id))
        else
            libraries.TypeName id

    /// Base, interfaces and properties of a made-up type; its methods follow when they are called, those that others call at once.
    member private writer.GeneratedType(id: TypeId) =
        let struct (library, _) = id
        let reader, definition = libraries.Reader library, libraries.Type id
        let named handle = writer.Names(library).Type handle
        text.Append("type ").Append(writer.TypeName id).Append(": ").Append(named definition.BaseType) |> ignore

        for handle in definition.GetInterfaceImplementations() do
            text.Append(", ").Append(named (reader.GetInterfaceImplementation(handle).Interface)) |> ignore

        for handle in definition.GetProperties() do
            text.Append("; ").Append(reader.GetString(reader.GetPropertyDefinition(handle).Name)) |> ignore

        text.Append '\n' |> ignore

    member private writer.Make(id: TypeId) =
        if libraries.IsGenerated id then
            for method in libraries.Methods id do
                if libraries.Method(method).Attributes.HasFlag Reflection.MethodAttributes.Virtual then
                    writer.MethodName method |> ignore
        else
            makes.Add id |> ignore

    member private writer.Initialise(id: TypeId) =
        if libraries.IsGenerated id then
            for method in libraries.Methods id do
                if libraries.MethodName method = ".cctor" then
                    writer.MethodName method |> ignore
        else
            initialises.Add id |> ignore

    /// Name and signature of a method of these libraries; a made-up one is written out once.
    member private writer.MethodName(id: MethodId) : string =
        let struct (library, _) = id

        if libraries.IsGeneratedMethod id then
            writer.Number('m', id, (fun () -> writer.Body id))
        else
            let signature = libraries.Method(id).DecodeSignature(writer.Names library, null)
            $"{libraries.TypeName(libraries.Declaring id)}::{libraries.MethodName id}{writer.Names(library).Method signature}"

    /// Calls, or takes the address of, a method of these libraries.
    member private writer.Call(id: MethodId, isVirtual, makesObject) =
        let owner = libraries.Declaring id
        let attributes = libraries.Method(id).Attributes

        if makesObject then
            writer.Make owner

        if makesObject || attributes.HasFlag Reflection.MethodAttributes.Static then
            writer.Initialise owner

        if not (libraries.IsGeneratedMethod id) then
            let target = if isVirtual && attributes.HasFlag Reflection.MethodAttributes.Virtual then virtuals else calls
            target.Add id |> ignore

        writer.MethodName id

    /// The method or field definition that a reference from another library, or to a generic type, means.
    member private writer.Resolve(library: int, parent: EntityHandle, name: string, isField, signature: string) =
        let owner =
            match parent.Kind with
            | HandleKind.TypeReference -> libraries.Reference(library, TypeReferenceHandle.op_Explicit parent) |> snd
            | HandleKind.TypeDefinition -> Some(struct (library, MetadataTokens.GetRowNumber parent))
            | HandleKind.TypeSpecification ->
                let mutable generic = None

                let catching =
                    SignatureNames(
                        libraries,
                        library,
                        fun id ->
                            (if generic.IsNone then
                                 generic <- Some id)

                            libraries.TypeName id
                    )

                let decoded = catching.Type parent
                // the first type named is the generic one, unless that one is not ours and only an argument is
                generic |> Option.filter (fun id -> decoded.StartsWith(libraries.TypeName id + "<", StringComparison.Ordinal))
            | _ -> None

        owner
        |> Option.bind (fun owner ->
            let struct (at, _) = owner
            let reader = libraries.Reader at

            if isField then
                libraries.Type(owner).GetFields()
                |> Seq.tryFind (fun handle -> reader.GetString(reader.GetFieldDefinition(handle).Name) = name)
                |> Option.map (fun handle -> struct (at, MetadataTokens.GetRowNumber handle))
            else
                let plain = SignatureNames(libraries, at, libraries.TypeName)

                libraries.Methods owner
                |> List.filter (fun method -> libraries.MethodName method = name)
                |> function
                    | [ only ] -> Some only
                    | several ->
                        several
                        |> List.tryFind (fun method -> plain.Method(libraries.Method(method).DecodeSignature(plain, null)) = signature))

    member private writer.Field(library: int, row: int, isStatic) =
        let reader = libraries.Reader library
        let field = reader.GetFieldDefinition(MetadataTokens.FieldDefinitionHandle row)
        let owner: TypeId = struct (library, MetadataTokens.GetRowNumber(field.GetDeclaringType()))
        let kind = field.DecodeSignature(writer.Names library, null)

        if isStatic then
            writer.Initialise owner

        if field.Attributes.HasFlag Reflection.FieldAttributes.HasFieldRVA then
            let signature = reader.GetBlobReader field.Signature
            signature.ReadSignatureHeader() |> ignore

            let size =
                match signature.ReadSignatureTypeCode() with
                | SignatureTypeCode.TypeHandle ->
                    let handle = signature.ReadTypeHandle()

                    if handle.Kind = HandleKind.TypeDefinition then
                        reader.GetTypeDefinition(TypeDefinitionHandle.op_Explicit handle).GetLayout().Size
                    else
                        0
                | SignatureTypeCode.Int64
                | SignatureTypeCode.UInt64
                | SignatureTypeCode.Double -> 8
                | SignatureTypeCode.Int32
                | SignatureTypeCode.UInt32
                | SignatureTypeCode.Single -> 4
                | SignatureTypeCode.Int16
                | SignatureTypeCode.UInt16 -> 2
                | _ -> 1

            let bytes = libraries.Data library field size
            $"data {Convert.ToHexString(bytes.AsSpan())}"
        elif libraries.IsGenerated owner then
            let number = writer.Number('f', struct (library, row), ignore)
            $"{writer.TypeName owner}.{number}: {kind}"
        else
            let name = Regex.Replace(reader.GetString field.Name, @"@\d+(-\d+)?", "@")
            $"{libraries.TypeName owner}::{name}: {kind}"

    /// A type that is handed on as such.
    member private writer.Mention(library: int, handle: EntityHandle) =
        let note =
            SignatureNames(
                libraries,
                library,
                fun id ->
                    (if not (libraries.IsGenerated id) then
                         mentions.Add id |> ignore)

                    libraries.TypeName id
            )

        note.Type handle |> ignore

    member private writer.Reference(library: int, handle: MemberReferenceHandle, isVirtual, makesObject, isStatic) =
        let reader = libraries.Reader library
        let reference = reader.GetMemberReference handle
        let name = reader.GetString reference.Name
        let parent = writer.Names(library).Type reference.Parent

        match reference.GetKind() with
        | MemberReferenceKind.Field ->
            match writer.Resolve(library, reference.Parent, name, true, "") with
            | Some(struct (at, row)) -> $"{parent}!{writer.Field(at, row, isStatic)}"
            | None -> $"{parent}::{name}"
        | _ ->
            let plain = SignatureNames(libraries, library, libraries.TypeName)
            let signature = plain.Method(reference.DecodeMethodSignature(plain, null))

            match writer.Resolve(library, reference.Parent, name, false, signature) with
            | Some id -> $"{parent}!{writer.Call(id, isVirtual, makesObject)}"
            | None -> $"{parent}::{name}{writer.Names(library).Method(reference.DecodeMethodSignature(writer.Names library, null))}"

    /// What a token of an instruction stands for.
    member private writer.Token(library: int, token: int, code: OpCode) : string =
        let reader = libraries.Reader library
        let handle = MetadataTokens.EntityHandle token
        let isVirtual = code = OpCodes.Callvirt || code = OpCodes.Ldvirtftn
        let makesObject = code = OpCodes.Newobj
        let isStatic = code = OpCodes.Ldsfld || code = OpCodes.Stsfld || code = OpCodes.Ldsflda

        match handle.Kind with
        | HandleKind.MethodDefinition -> writer.Call(struct (library, MetadataTokens.GetRowNumber handle), isVirtual, makesObject)
        | HandleKind.FieldDefinition -> writer.Field(library, MetadataTokens.GetRowNumber handle, isStatic)
        | HandleKind.MemberReference ->
            writer.Reference(library, MemberReferenceHandle.op_Explicit handle, isVirtual, makesObject, isStatic)
        | HandleKind.MethodSpecification ->
            let specification = reader.GetMethodSpecification(MethodSpecificationHandle.op_Explicit handle)

            let note =
                SignatureNames(
                    libraries,
                    library,
                    fun id ->
                        (if not (libraries.IsGenerated id) then
                             mentions.Add id |> ignore)

                        libraries.TypeName id
                )

            specification.DecodeSignature(note, null) |> ignore
            let arguments = String.Join(",", specification.DecodeSignature(writer.Names library, null))
            $"{writer.Token(library, MetadataTokens.GetToken specification.Method, code)}<{arguments}>"
        | HandleKind.StandaloneSignature ->
            let signature = reader.GetStandaloneSignature(StandaloneSignatureHandle.op_Explicit handle)
            writer.Names(library).Method(signature.DecodeMethodSignature(writer.Names library, null))
        | _ ->
            if code = OpCodes.Ldtoken then
                writer.Mention(library, handle)

            if code = OpCodes.Initobj || code = OpCodes.Box || code = OpCodes.Newarr then
                match handle.Kind with
                | HandleKind.TypeDefinition -> writer.Make(struct (library, MetadataTokens.GetRowNumber handle))
                | HandleKind.TypeReference ->
                    libraries.Reference(library, TypeReferenceHandle.op_Explicit handle) |> snd |> Option.iter writer.Make
                | _ -> ()

            writer.Names(library).Type handle

    member private writer.Operand(library: int, instruction: Instruction) =
        match instruction.Code.OperandType with
        | OperandType.InlineString ->
            let handle = MetadataTokens.UserStringHandle(int instruction.Operand &&& 0xFFFFFF)
            $"\"{libraries.Reader(library).GetUserString handle}\""
        | OperandType.InlineMethod
        | OperandType.InlineField
        | OperandType.InlineType
        | OperandType.InlineTok
        | OperandType.InlineSig -> writer.Token(library, int instruction.Operand, instruction.Code)
        | OperandType.InlineNone -> ""
        | _ when not instruction.Jumps.IsEmpty -> String.Join(",", instruction.Jumps)
        | _ -> string instruction.Operand

    /// Where a match has no case F# names file and line: the three instructions before the exception is made.
    member private writer.Instructions(library: int, instructions: Instruction array) =
        let lines = instructions |> Array.map (fun instruction -> $"{instruction.Code.Name} {writer.Operand(library, instruction)}")

        for i in 3 .. lines.Length - 1 do
            if lines[i].Contains("MatchFailureException::.ctor", StringComparison.Ordinal) then
                for before in i - 3 .. i - 1 do
                    lines[before] <- "place"

        for line in lines do
            text.Append(line).Append '\n' |> ignore

    /// Writes a method and returns nothing; what it makes up is pending.
    member private writer.Body(id: MethodId) =
        let struct (library, _) = id
        let method = libraries.Method id
        let signature = method.DecodeSignature(writer.Names library, null)
        text.Append("method ").Append(writer.MethodName id).Append(writer.Names(library).Method signature).Append '\n' |> ignore
        let import = method.GetImport()

        if not import.Module.IsNil then
            let reader = libraries.Reader library
            let from = reader.GetString(reader.GetModuleReference(import.Module).Name)
            text.Append("import ").Append(from).Append(' ').Append(reader.GetString import.Name).Append '\n' |> ignore

        match libraries.Body id with
        | None -> ()
        | Some body ->
            if not body.LocalSignature.IsNil then
                let locals = libraries.Reader(library).GetStandaloneSignature body.LocalSignature
                text.Append("locals ").AppendJoin(",", locals.DecodeLocalSignature(writer.Names library, null)).Append '\n' |> ignore

            let instructions, at = Il.decode (body.GetILBytes() |> Option.ofObj |> Option.defaultValue [||])
            writer.Instructions(library, instructions)

            for region in body.ExceptionRegions do
                let kind = if region.CatchType.IsNil then string region.Kind else writer.Names(library).Type region.CatchType
                let start, finish = at region.TryOffset, at (region.TryOffset + region.TryLength)
                let handler, behind = at region.HandlerOffset, at (region.HandlerOffset + region.HandlerLength)
                text.Append($"try {start} {finish} {kind} {handler} {behind}\n") |> ignore

    member private _.Finish() =
        while pending.Count > 0 do
            pending.Dequeue () ()

        { Text = string text
          Calls = List.ofSeq calls
          VirtualCalls = List.ofSeq virtuals
          Makes = List.ofSeq makes
          Mentions = List.ofSeq mentions
          Initialises = List.ofSeq initialises }

    /// The text of a function that has a name.
    member writer.Function(id: MethodId) =
        writer.Body id
        writer.Finish()

    /// The text of a type that has a name: what it derives from, the fields of its objects and the attributes that others
    /// read. As reflection sees it: with its properties, in the order of declaration.
    member writer.Type(id: TypeId, reflected: bool) =
        let struct (library, _) = id
        let reader, definition = libraries.Reader library, libraries.Type id
        let named handle = writer.Names(library).Type handle

        let attributes (handles: CustomAttributeHandleCollection) =
            [ for handle in handles do
                  let attribute = reader.GetCustomAttribute handle

                  let owner =
                      match attribute.Constructor.Kind with
                      | HandleKind.MemberReference ->
                          named (reader.GetMemberReference(MemberReferenceHandle.op_Explicit attribute.Constructor).Parent)
                      | _ -> libraries.TypeName(libraries.Declaring(struct (library, MetadataTokens.GetRowNumber attribute.Constructor)))

                  if
                      not (
                          Regex.IsMatch(
                              owner,
                              @"^System\.(Runtime\.CompilerServices|Diagnostics|Reflection|ComponentModel)\.|^System\.[A-Za-z]+$|^Microsoft\.|NullableAttribute"
                          )
                      )
                  then
                      $"[{owner} {Convert.ToHexString(reader.GetBlobBytes attribute.Value)}]"
                  elif owner.EndsWith("InlineArrayAttribute", StringComparison.Ordinal) then
                      Convert.ToHexString(reader.GetBlobBytes attribute.Value) ]
            |> List.sort
            |> String.concat ""

        let fields =
            [ for handle in definition.GetFields() do
                  let field = reader.GetFieldDefinition handle
                  let name = Regex.Replace(reader.GetString field.Name, @"@\d+(-\d+)?", "@")

                  let isEnum = not definition.BaseType.IsNil && named definition.BaseType = "System.Enum"

                  if isEnum || not (field.Attributes.HasFlag Reflection.FieldAttributes.Static) then
                      let value =
                          match field.GetDefaultValue() with
                          | none when none.IsNil -> ""
                          | value -> Convert.ToHexString(reader.GetBlobBytes(reader.GetConstant(value).Value))

                      $"{name}: {field.DecodeSignature(writer.Names library, null)} {value} {attributes (field.GetCustomAttributes())}" ]
            |> fun fields -> if reflected then fields else List.sort fields

        let properties =
            [ for handle in (if reflected then List.ofSeq (definition.GetProperties()) else []) do
                  let property = reader.GetPropertyDefinition handle
                  $"{reader.GetString property.Name} {attributes (property.GetCustomAttributes())}" ]

        text.Append("type ").Append(libraries.TypeName id).Append(attributes (definition.GetCustomAttributes())) |> ignore

        if not definition.BaseType.IsNil then
            text.Append(": ").Append(named definition.BaseType) |> ignore

        text.AppendJoin('\n', fields).Append('\n').AppendJoin('\n', properties) |> ignore
        writer.Finish()

module FunctionText =
    /// Of a method that has a name.
    let ofMethod libraries id = FunctionWriter(libraries).Function id

    /// Of a type that has a name; `reflected`: as reflection sees it.
    let ofType libraries id reflected = FunctionWriter(libraries).Type(id, reflected)
