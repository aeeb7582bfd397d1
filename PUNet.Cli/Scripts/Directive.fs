namespace PUNet.Cli.Scripts

open System
open System.Text.RegularExpressions

/// A line of a script that brings in something else.
type Directive =
    /// `#load`, with the paths as written.
    | Load of string list
    /// `#r`, `#I` or `#i`: a reference that only a session can resolve.
    | Reference of string

/// Reads directives without the compiler, which takes longer to start than a compiled script takes to run.
module Directive =
    let private quoted = Regex "\"([^\"]*)\""

    /// Value of the condition of an `#if`: names, !, &&, ||, parentheses; a name is true where it is defined.
    let holds (defined: Set<string>) (condition: string) =
        let tokens =
            [ for found in Regex.Matches(condition, @"//.*$|&&|\|\||[!()]|\w+") do
                  if not (found.Value.StartsWith "//") then
                      found.Value ]

        let rec either tokens =
            let left, rest = both tokens

            match rest with
            | "||" :: rest ->
                let right, rest = either rest
                left || right, rest
            | _ -> left, rest

        and both tokens =
            let left, rest = single tokens

            match rest with
            | "&&" :: rest ->
                let right, rest = both rest
                left && right, rest
            | _ -> left, rest

        and single tokens =
            match tokens with
            | "!" :: rest ->
                let value, rest = single rest
                not value, rest
            | "(" :: rest ->
                let value, rest = either rest
                value, (if List.tryHead rest = Some ")" then rest.Tail else rest)
            | name :: rest -> defined.Contains name, rest
            | [] -> true, [] // malformed: the compiler says so

        fst (either tokens)

    let private parse (line: string) =
        let quoted = [ for found in quoted.Matches line -> found.Groups[1].Value ]

        if line.StartsWith("#load", StringComparison.Ordinal) then Some(Load quoted)
        elif Regex.IsMatch(line, @"^#[rIi]\b") then Some(Reference(String.concat " " quoted))
        else None

    /// The directives that count when the given names are defined, in order.
    let read (defined: Set<string>) (lines: string seq) =
        // One entry per open #if: whether its branch is taken.
        let step (branches, found) (line: string) =
            let line = line.TrimStart()

            match branches with
            | _ when line.StartsWith("#if ", StringComparison.Ordinal) -> holds defined (line.Substring 4) :: branches, found
            | taken :: outer when line.StartsWith("#else", StringComparison.Ordinal) -> not taken :: outer, found
            | _ :: outer when line.StartsWith("#endif", StringComparison.Ordinal) -> outer, found
            | _ when List.forall id branches && line.StartsWith '#' -> branches, Option.toList (parse line) @ found
            | _ -> branches, found

        lines |> Seq.fold step ([], []) |> snd |> List.rev
