namespace PUNet.Dsl.Engine.Code

open System.Reflection.Metadata

/// Types of the libraries that the value of an attribute names, for example `typeof(X)`.
module internal AttributeTypes =
    /// Names as they are written in values: Namespace.Outer+Inner, Library, Version=…
    let private ofName (libraries: CodeLibraries) (name: string) =
        [ for part in name.Split([| '['; ']'; ',' |]) do
              match libraries.Find(part.Trim().Replace('+', '/')) with
              | Some id -> id
              | None -> () ]

    let private provider (libraries: CodeLibraries) library =
        let names = SignatureNames(libraries, library, libraries.TypeName)
        let outside text = { Text = text; Head = ValueNone; Parts = [] }

        { new ICustomAttributeTypeProvider<SignatureType> with
            member _.GetPrimitiveType code = outside (string code)
            member _.GetSystemType() = outside "System.Type"
            member _.IsSystemType kind = kind.Text = "System.Type"
            member _.GetSZArrayType item = { item with Text = item.Text + "[]" }
            member _.GetTypeFromDefinition(_, handle, _) = names.Named(TypeDefinitionHandle.op_Implicit handle)
            member _.GetTypeFromReference(_, handle, _) = names.Named(TypeReferenceHandle.op_Implicit handle)
            member _.GetTypeFromSerializedName name = { outside name with Parts = ofName libraries name }
            // all enumerations of attributes that are read at run time are of this size
            member _.GetUnderlyingEnumType _ = PrimitiveTypeCode.Int32 }

    /// Those in the arguments of an attribute.
    let inValue (libraries: CodeLibraries) library (attribute: CustomAttribute) : TypeId list =
        let rec typesIn (value: objnull) =
            match value with
            | :? SignatureType as found -> found.Parts
            | :? System.Collections.Immutable.ImmutableArray<CustomAttributeTypedArgument<SignatureType>> as several ->
                several |> Seq.collect (fun one -> typesIn one.Value) |> List.ofSeq
            | _ -> []

        let value = attribute.DecodeValue(provider libraries library)

        [ for argument in value.FixedArguments do
              yield! typesIn argument.Value
          for argument in value.NamedArguments do
              yield! typesIn argument.Value ]
