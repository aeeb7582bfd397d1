namespace PUNet.Dsl.Engine.Code

/// A type as a signature names it.
[<Struct>]
type SignatureType =
    {
        Text: string
        /// The type itself, of a generic instantiation the generic type, where it lies in the libraries.
        Head: TypeId voption
        /// All types of the libraries that it is made of: its own, its elements' and its arguments'.
        Parts: TypeId list
    }
