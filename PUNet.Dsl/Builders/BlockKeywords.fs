namespace PUNet.Dsl

open System
open System.Reflection

/// A keyword of a block with what a script writes behind it.
type BlockKeyword =
    {
        Name: string
        Takes: Type list
        /// Of the block's builder, or a static one that takes the builder first.
        Method: MethodInfo
    }

module BlockKeyword =
    let private declared flags (kind: Type) =
        [ for method in kind.GetMethods flags do
              match method.GetCustomAttribute<CustomOperationAttribute>() with
              | null -> ()
              | operation -> operation.Name, method ]

    /// Keywords that builders share by an interface.
    let private shared =
        lazy
            [ for kind in typeof<BlockKeyword>.Assembly.GetTypes() do
                  yield! declared (BindingFlags.Public ||| BindingFlags.Static) kind ]

    let private definition (kind: Type) = if kind.IsGenericType then kind.GetGenericTypeDefinition() else kind

    let private keyword before (name, method: MethodInfo) =
        let written =
            method.GetParameters()
            |> Array.skip before
            |> Array.filter (fun parameter -> not (parameter.IsDefined typeof<OptionalArgumentAttribute>))

        { Name = name; Takes = [ for parameter in written -> parameter.ParameterType ]; Method = method }

    /// Whether a static method is one of those that builders share by an interface which this one has.
    let private isSharedBy (builder: Type) =
        let interfaces = builder.GetInterfaces() |> Array.map definition
        fun (method: MethodInfo) -> Array.contains (definition (method.GetParameters()[0]).ParameterType) interfaces

    /// What blocks within a builder's block yield.
    let innerOf (builder: Type) : Type list =
        let isShared = isSharedBy builder

        [ for method in builder.GetMethods() do
              if method.Name = "Yield" then
                  (method.GetParameters()[0]).ParameterType
          for kind in typeof<BlockKeyword>.Assembly.GetTypes() do
              for method in kind.GetMethods(BindingFlags.Public ||| BindingFlags.Static) do
                  if method.Name.EndsWith(".Yield", StringComparison.Ordinal) && isShared method then
                      (method.GetParameters()[1]).ParameterType ]

    /// Every keyword of a builder's block, one entry per overload.
    let ofBuilder (builder: Type) : BlockKeyword list =
        let isShared = isSharedBy builder

        [ for own in declared (BindingFlags.Public ||| BindingFlags.Instance) builder do
              keyword 1 own // behind the settings so far
          for other in shared.Value |> List.filter (snd >> isShared) do
              keyword 2 other ] // behind the builder and the settings so far
