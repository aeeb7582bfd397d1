/// Compiles C# with the compiler of the SDK that also builds this repository; by reflection, as it is no package of ours.
module PUNet.Dsl.Tests.CSharpCompiler

open System
open System.IO
open System.Reflection
open System.Runtime.InteropServices

let private folder =
    lazy
        (let dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."))

         Directory.EnumerateDirectories(Path.Combine(dotnet, "sdk"), $"{Environment.Version.Major}.*")
         |> Seq.sortDescending
         |> Seq.map (fun sdk -> Path.Combine(sdk, "Roslyn", "bincore"))
         |> Seq.find Directory.Exists)

let private load (name: string) = Assembly.LoadFrom(Path.Combine(folder.Value, name + ".dll"))
let private common = lazy (load "Microsoft.CodeAnalysis")
let private csharp = lazy (load "Microsoft.CodeAnalysis.CSharp")

let private typeOf (assembly: Lazy<Assembly>) (name: string) = assembly.Value.GetType(name, true) |> Option.ofObj |> Option.get

/// Calls the first method of the name whose leading parameters fit; the others take their defaults.
let private call (owner: Type) (name: string) (target: objnull) (given: objnull list) : obj =
    let fits (method: MethodBase) =
        let parameters = method.GetParameters()

        parameters.Length >= given.Length
        && List.forall2
            (fun (parameter: ParameterInfo) (value: objnull) -> isNull value || parameter.ParameterType.IsInstanceOfType value)
            (List.ofArray parameters[.. given.Length - 1])
            given
        && parameters[given.Length ..] |> Array.forall _.IsOptional

    let method =
        owner.GetMethods()
        |> Seq.filter (fun method -> method.Name = name && method.IsStatic = isNull target && fits method)
        |> Seq.sortBy _.GetParameters().Length
        |> Seq.head

    let rest = method.GetParameters().Length - given.Length
    let arguments = Array.append (Array.ofList given) (Array.create rest (box Type.Missing))
    nonNull (method.Invoke(target, BindingFlags.OptionalParamBinding ||| BindingFlags.InvokeMethod, null, arguments, null))

let private arrayOf (kind: Type) (items: obj list) =
    let array = Array.CreateInstance(kind, items.Length)
    items |> List.iteri (fun i item -> array.SetValue(item, i))
    array

let private reference (path: string) = call (typeOf common "Microsoft.CodeAnalysis.MetadataReference") "CreateFromFile" null [ path ]

let private framework =
    lazy
        [ for library in [ "System.Private.CoreLib"; "System.Runtime"; "System.Linq"; "System.Collections"; "System.Text.Json" ] ->
              reference (Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), library + ".dll")) ]

let private options =
    lazy
        (let kind = typeOf csharp "Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions"
         let outputKind = typeOf common "Microsoft.CodeAnalysis.OutputKind"
         let constructor = kind.GetConstructors() |> Seq.maxBy _.GetParameters().Length
         let arguments = Array.create (constructor.GetParameters().Length) (box Type.Missing)
         arguments[0] <- Enum.Parse(outputKind, "DynamicallyLinkedLibrary")
         let made = constructor.Invoke(BindingFlags.OptionalParamBinding ||| BindingFlags.CreateInstance, null, arguments, null)
         let level = Enum.Parse(typeOf common "Microsoft.CodeAnalysis.OptimizationLevel", "Release")
         let made = call kind "WithOptimizationLevel" made [ level ]
         call kind "WithDeterministic" made [ true ])

/// Writes the library of a source text that uses others. `file` is the path that the compiler is told.
let compileWith (others: string list) (source: string) (file: string) (library: string) =
    let references =
        framework.Value @ List.map reference others |> arrayOf (typeOf common "Microsoft.CodeAnalysis.MetadataReference")

    let tree = typeOf csharp "Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree"
    let parsed = call tree "ParseText" null [ source; null; file ]
    let trees = arrayOf (typeOf common "Microsoft.CodeAnalysis.SyntaxTree") [ parsed ]
    let compilation = typeOf csharp "Microsoft.CodeAnalysis.CSharp.CSharpCompilation"
    let name = Path.GetFileNameWithoutExtension library
    let made = call compilation "Create" null [ name; trees; references; options.Value ]
    use output = new FileStream(library, FileMode.Create)
    let result = call (typeOf common "Microsoft.CodeAnalysis.Compilation") "Emit" made [ output ]

    let succeeded = string (call (result.GetType()) "get_Success" result []) = "True"

    if not succeeded then
        match call (result.GetType()) "get_Diagnostics" result [] with
        | :? Collections.IEnumerable as found -> failwith (found |> Seq.cast<obj> |> Seq.map string |> String.concat "\n")
        | _ -> failwith "the compiler failed"

/// The same of one that uses none.
let compile source file library = compileWith [] source file library
