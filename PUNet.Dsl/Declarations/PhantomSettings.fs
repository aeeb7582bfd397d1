namespace PUNet.Dsl

/// Synthetic CT-like subjects.
type PhantomSettings =
    { Subjects: int
      Seed: int }

module PhantomSettings =
    let defaults = { Subjects = 24; Seed = 1 }
