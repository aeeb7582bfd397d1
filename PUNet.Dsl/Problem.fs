namespace PUNet.Dsl

/// A fault of a script, in the words of its author.
type Problem =
    {
        Position: SourcePosition
        /// What is wrong, for example: base and novel classes overlap.
        What: string
        /// The rule that is broken; may be empty where `What` says it.
        Rule: string
        /// What was given.
        Given: string
        /// What to do about it.
        Remedy: string
        /// What a tool said of it in its own words, for those who ask; may be empty.
        Details: string
    }

    /// file(line,col): what, the rule, what was given, what to do.
    override problem.ToString() =
        let parts = [ problem.What; problem.Rule; (if problem.Given = "" then "" else $"given: {problem.Given}"); problem.Remedy ]

        let text = parts |> List.filter ((<>) "") |> String.concat "; "
        $"{problem.Position}: {text}"

module Problem =
    /// A fault at the place where a keyword stands.
    let at position what rule given remedy = { Position = position; What = what; Rule = rule; Given = given; Remedy = remedy; Details = "" }

    /// Problems in the order of the script, each once.
    let inOrder (problems: Problem seq) =
        problems
        |> Seq.distinctBy (fun problem -> { problem with Details = "" })
        |> Seq.sortBy (fun problem -> problem.Position.File, problem.Position.Line, problem.Position.Column)
        |> List.ofSeq
