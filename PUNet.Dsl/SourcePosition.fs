namespace PUNet.Dsl

/// Where a declaration stands in a script: absolute file path, line from 1, column from 1 (0 where not known).
type SourcePosition =
    { File: string
      Line: int
      Column: int }
