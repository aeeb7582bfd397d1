/// The options as Argu declares them.
module PUNet.Cli.CommandLine.OptionCases

open Argu

/// Checking the declarations costs more than reading the words; a test does it instead. Kept for the life of the process.
let parser = lazy ArgumentParser.Create<CommandOption>(programName = "punet", checkStructure = false)

let private all = lazy (Map.ofList [ for case in parser.Value.GetArgumentCases() -> case.UnionCaseInfo.Name, case ])

/// The declaration of a case of `CommandOption`.
let named (case: string) : ArgumentCaseInfo = all.Value[case]

/// The names as they are typed, the chief one first.
let names (case: ArgumentCaseInfo) : string list = case.CommandLineNames.Value

/// Names of the values that stand behind the option.
let values (case: ArgumentCaseInfo) : string list = [ for field in case.UnionCaseInfo.GetFields() -> field.Name ]
