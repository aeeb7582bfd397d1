namespace PUNet.Dsl

/// What a script asks for: the stages that yield its results, with all they depend on.
type Experiment =
    {
        Name: string
        /// The results: evaluations and tables.
        Outputs: StageNode list
        Position: SourcePosition
        /// Faults of the experiment itself; `ExperimentChecks.problems` gives those of its stages as well.
        Problems: Problem list
    }
