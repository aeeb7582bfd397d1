namespace PUNet.Dsl.Engine.Code

/// What a function does or a type is, in words that depend on nothing else, and what it refers to.
type FunctionText =
    {
        Text: string
        /// Functions that are written out in it: its own, and what compilers made up for it.
        Holds: MethodId list
        /// Functions that it calls or takes the address of.
        Calls: MethodId list
        /// Virtual functions that it calls: which one runs depends on the object or type.
        VirtualCalls: MethodId list
        /// Types whose objects or values it makes.
        Makes: TypeId list
        /// Types that it hands on as such, for others to make or look into.
        Hands: TypeId list
        /// Types of which it uses what is static.
        Initialises: TypeId list
        /// Types of the static fields that it uses: their objects may come from anywhere.
        Shares: TypeId list
    }
