namespace PUNet.Dsl.Engine.Code

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
