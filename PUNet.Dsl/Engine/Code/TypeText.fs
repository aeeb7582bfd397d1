/// Writes what a type is: what it derives from, the fields of its objects and the attributes that others read.
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
        @"^System\.(Runtime\.CompilerServices|Diagnostics|Reflection|ComponentModel)\.|^System\.[A-Za-z]+$|^Microsoft\.|NullableAttribute"
    )

let private attributes (libraries: CodeLibraries) (names: CodeNames) library (handles: CustomAttributeHandleCollection) =
    let reader = libraries.Reader library

    [ for handle in handles do
          let attribute = reader.GetCustomAttribute handle

          let owner =
              match attribute.Constructor.Kind with
              | HandleKind.MemberReference ->
                  let reference = reader.GetMemberReference(MemberReferenceHandle.op_Explicit attribute.Constructor)
                  names.Names(library).Type reference.Parent
              | _ -> libraries.TypeName(libraries.Declaring(struct (library, MetadataTokens.GetRowNumber attribute.Constructor)))

          if not (isIdle owner) then
              $"[{owner} {Convert.ToHexString(reader.GetBlobBytes attribute.Value)}]"
          elif owner.EndsWith("InlineArrayAttribute", StringComparison.Ordinal) then
              Convert.ToHexString(reader.GetBlobBytes attribute.Value) ]
    |> List.sort
    |> String.concat ""

/// Fields of objects, and the members of an enumeration.
let private fields (libraries: CodeLibraries) (names: CodeNames) library (definition: TypeDefinition) =
    let reader = libraries.Reader library

    [ for handle in definition.GetFields() do
          let field = reader.GetFieldDefinition handle
          let isEnum = not definition.BaseType.IsNil && names.Names(library).Type definition.BaseType = "System.Enum"

          if isEnum || not (field.Attributes.HasFlag FieldAttributes.Static) then
              let value =
                  match field.GetDefaultValue() with
                  | none when none.IsNil -> ""
                  | value -> Convert.ToHexString(reader.GetBlobBytes(reader.GetConstant(value).Value))

              let kind = field.DecodeSignature(names.Names library, null)
              $"{Fields.name (reader.GetString field.Name)}: {kind} {value} {attributes libraries names library (field.GetCustomAttributes())}" ]

/// Of a type that has a name. As reflection sees it: with its properties, in the order of declaration.
let write (libraries: CodeLibraries) (names: CodeNames) (id: TypeId) (reflected: bool) (text: StringBuilder) =
    let struct (library, _) = id
    let reader, definition = libraries.Reader library, libraries.Type id
    let attributes = attributes libraries names library
    let fields = fields libraries names library definition |> fun fields -> if reflected then fields else List.sort fields

    let properties =
        [ for handle in (if reflected then List.ofSeq (definition.GetProperties()) else []) do
              let property = reader.GetPropertyDefinition handle
              $"{reader.GetString property.Name} {attributes (property.GetCustomAttributes())}" ]

    text.Append("type ").Append(libraries.TypeName id).Append(attributes (definition.GetCustomAttributes())) |> ignore

    if not definition.BaseType.IsNil then
        text.Append(": ").Append(names.Names(library).Type definition.BaseType) |> ignore

    text.AppendJoin('\n', fields).Append('\n').AppendJoin('\n', properties) |> ignore
