/// The help of every command against what the command takes.
module PUNet.Cli.Tests.HelpTests

open System.Collections.Generic
open System.IO
open System.Text.RegularExpressions
open Argu
open Expecto
open PUNet.Cli
open PUNet.Cli.CommandLine

let private cases = ArgumentParser.Create<CommandOption>().GetArgumentCases()

/// Chief name of an option, with a value that it can have.
let private typed (case: ArgumentCaseInfo) = (OptionCases.names case).Head :: [ for _ in OptionCases.values case -> "1" ]

/// The options that a text names.
let private named (text: string) = set [ for found in Regex.Matches(text, @"--[a-z][a-z-]*") -> found.Value ] |> Set.remove "--help"

/// All texts that are defined, one that several commands share once.
let private texts () =
    let shared = HashSet<obj>(HashIdentity.Reference)

    [ for case in cases do
          yield case.Description.Value
      for command in Commands.all do
          yield command.Purpose

          for taken in command.Options do
              if taken.Meaning <> "" && shared.Add taken then
                  yield taken.Meaning

          for _, text as word in command.Words do
              if shared.Add word then
                  yield text ]

[<Tests>]
let tests =
    testList
        "help"
        [ test "the help of a command names the options that it accepts, all of them and no other" {
              for command in Commands.all do
                  let accepted =
                      [ for case in cases do
                            match CommandLine.read command (typed case) with
                            | Ok _ -> (typed case).Head
                            | Error _ -> () ]

                  Expect.equal (named (Help.text command)) (set accepted) command.Name
          }

          test "the help of a command ends with an example that it accepts" {
              for command in Commands.all do
                  let line = (Help.text command).Split('\n') |> Array.last
                  Expect.equal line $"  {Help.typed command.Example}" ""
                  Expect.equal command.Example.Head command.Name ""

                  match CommandLine.read command command.Example.Tail with
                  | Error fault -> failtest (String.concat "\n" fault.Lines)
                  | Ok given ->
                      Expect.equal given.Words.IsEmpty command.Words.IsEmpty $"{line}: words that the command works on"

                      for script in given.Words |> List.filter _.Contains(".fsx") do
                          let path = Path.Combine(ProgramUnderTest.repository, (script.Split ':')[0])
                          Expect.isTrue (File.Exists path) $"{line}: there is {path}"
          }

          test "no text is defined twice, and none is empty" {
              let twice = texts () |> List.countBy id |> List.filter (fun (_, times) -> times > 1)
              Expect.isEmpty twice "shared texts are shared values"
              Expect.isEmpty (texts () |> List.filter System.String.IsNullOrWhiteSpace) ""
          }

          test "each option is taken by a command, and its meaning is one sentence or more" {
              let taken = Commands.all |> List.collect _.Options

              for case in cases do
                  Expect.isTrue (taken |> List.exists (fun option -> option.Case = case.UnionCaseInfo.Name)) $"{case.Name} is taken"

              for option in taken do
                  Expect.isFalse ((Help.meaning option).EndsWith ':') $"{option.Case} says what it is"
          }

          test "help fits a terminal of 80 columns" {
              for command in Commands.all do
                  for line in (Help.text command).Split '\n' |> Array.rev |> Array.tail do
                      Expect.isLessThanOrEqual line.Length 80 line
          }

          test "the program lists these commands, and tells the help of each" {
              let lines = (ProgramUnderTest.punet "." [ "--help" ]).Lines |> List.filter _.StartsWith("  punet")
              Expect.equal [ for line in lines -> line.Split(' ', 5)[3] ] [ for command in Commands.all -> command.Name ] ""
              let plan = ProgramUnderTest.punet "." [ "plan"; "--help" ]
              Expect.equal (plan.Code, plan.Output) (ExitCode.Done, Help.text Commands.plan + "\n") ""
          } ]
