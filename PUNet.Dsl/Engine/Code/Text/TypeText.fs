/// Writes what a type is: what it derives from and implements, the fields and properties of its objects, and the attributes that
/// others read.
module internal PUNet.Dsl.Engine.Code.TypeText

open System
open System.Reflection
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335
open System.Text
open System.Text.RegularExpressions

/// Attributes of compilers and for readers, which change nothing that is computed.
let private isIdle (owner: string) =
    Regex.IsMatch(
        owner,
        @"^System\.(Diagnostics|Reflection)\.|^System\.Runtime\.CompilerServices\.(?!InlineArray|UnsafeAccessor)"
        + @"|^System\.ComponentModel\.(?!TypeConverter)|^System\.(?!Flags|ThreadStatic)[A-Za-z]+$|^Microsoft\.|NullableAttribute"
    )

/// Attributes that others read. What they name is theirs to make.
let attributes (libraries: CodeLibraries) (names: CodeNames) library (handles: CustomAttributeHandleCollection) =
    let reader = libraries.Reader library

    [ for handle in handles do
          let attribute = reader.GetCustomAttribute handle

          let owner =
              match attribute.Constructor.Kind with
              | HandleKind.MemberReference ->
                  let reference = reader.GetMemberReference(MemberReferenceHandle.op_Explicit attribute.Constructor)
                  SignatureNames(libraries, library, libraries.TypeName).Named reference.Parent
              | _ ->
                  let id = libraries.Declaring(struct (library, MetadataTokens.GetRowNumber attribute.Constructor))

                  { Text = libraries.TypeName id; Head = ValueSome id; Parts = [ id ] }

          if not (isIdle owner.Text) then
              owner.Parts |> List.iter names.Hand
              AttributeTypes.inValue libraries library attribute |> List.iter names.Hand
              $"[{owner.Text} {Convert.ToHexString(reader.GetBlobBytes attribute.Value)}]" ]
    |> List.sort
    |> String.concat ""

/// Fields of objects, and the members of an enumeration, in the order in which reflection and memory have them.
let private fields (libraries: CodeLibraries) (names: CodeNames) library (definition: TypeDefinition) =
    let reader = libraries.Reader library
    let isEnum = not definition.BaseType.IsNil && names.Names(library).Type definition.BaseType = "System.Enum"

    [ for handle in definition.GetFields() do
          let field = reader.GetFieldDefinition handle

          if isEnum || not (field.Attributes.HasFlag FieldAttributes.Static) then
              let value =
                  match field.GetDefaultValue() with
                  | none when none.IsNil -> ""
                  | value -> Convert.ToHexString(reader.GetBlobBytes(reader.GetConstant(value).Value))

              let at = if field.GetOffset() < 0 then "" else $" at {field.GetOffset()}"
              let attributes = attributes libraries names library (field.GetCustomAttributes())
              $"{Fields.name (reader.GetString field.Name)}: {names.Names(library).Field(field).Text} {value}{at} {attributes}" ]

/// Properties of objects.
let private properties (libraries: CodeLibraries) (names: CodeNames) library (definition: TypeDefinition) =
    let reader = libraries.Reader library

    [ for handle in definition.GetProperties() do
          let property = reader.GetPropertyDefinition handle

          if property.DecodeSignature(names.Names library, null).Header.IsInstance then
              $"{reader.GetString property.Name} {attributes libraries names library (property.GetCustomAttributes())}" ]

/// How the fields lie in memory, where that is prescribed.
let private layout (definition: TypeDefinition) =
    let layout = definition.GetLayout()
    let kind = definition.Attributes &&& TypeAttributes.LayoutMask

    if layout.IsDefault && kind = TypeAttributes.AutoLayout then
        ""
    else
        $" {kind} {layout.PackingSize} {layout.Size}"

/// Of a type that has a name. What it derives from and implements is made with it.
let write (libraries: CodeLibraries) (names: CodeNames) (id: TypeId) (text: StringBuilder) =
    let struct (library, _) = id
    let reader, definition = libraries.Reader library, libraries.Type id
    let attributes = attributes libraries names library (definition.GetCustomAttributes())
    text.Append("type ").Append(libraries.TypeName id).Append(attributes).Append(layout definition) |> ignore

    if not definition.BaseType.IsNil then
        text.Append(": ").Append(names.Names(library).Type definition.BaseType) |> ignore

    let interfaces =
        [ for handle in definition.GetInterfaceImplementations() ->
              names.Names(library).Type(reader.GetInterfaceImplementation(handle).Interface) ]

    text
        .Append('\n')
        .AppendJoin('\n', List.sort interfaces)
        .Append('\n')
        .AppendJoin('\n', fields libraries names library definition)
        .Append('\n')
        .AppendJoin('\n', properties libraries names library definition)
    |> ignore
