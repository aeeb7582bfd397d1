/// What the script that is being evaluated gets from the command line, and what it asks for.
module PUNet.Dsl.ScriptArguments

open System
open System.Collections.Generic
open System.Globalization
open System.Threading

/// What one script is given and has asked for so far.
type private Conversation = { Given: Map<string, string>; Asked: List<ScriptArgument> }

let private current = AsyncLocal<Conversation>()

let private conversation () =
    match box current.Value with
    | null -> { Given = Map.empty; Asked = List() }
    | _ -> current.Value

let private kind (sample: objnull) =
    match sample with
    | :? int -> "a whole number"
    | :? float -> "a number"
    | :? bool -> "true or false"
    | :? string -> "text"
    | other -> invalidArg "fallback" $"an argument is text, a whole number, a number, or true or false, not {other}."

let private parse (sample: objnull) (text: string) : objnull option =
    let invariant = CultureInfo.InvariantCulture

    let found (read: bool * 'T) = if fst read then Some(box (snd read)) else None

    match sample with
    | :? int -> found (Int32.TryParse(text, NumberStyles.Integer, invariant))
    | :? float -> found (Double.TryParse(text, NumberStyles.Float, invariant))
    | :? bool -> found (Boolean.TryParse text)
    | _ -> Some(box text)

/// Does the work with these NAME=VALUE pairs; gives its result and the arguments that the script asked for meanwhile.
let during (given: (string * string) list) (work: unit -> 'Result) : 'Result * ScriptArgument list =
    let former = current.Value

    current.Value <- { Given = Map.ofList given; Asked = List() }

    try
        let result = work ()
        result, List.ofSeq current.Value.Asked
    finally
        current.Value <- former

/// The value that was given, or the fallback, whose type decides how it is read: text, int, float or bool.
/// Raises ArgumentException, in words for the person who typed it, where the value is of another kind.
let value (name: string) (fallback: 'T) : 'T =
    let conversation = conversation ()
    let sample = box fallback
    let kind = kind sample

    lock conversation.Asked (fun () ->
        if conversation.Asked.TrueForAll(fun known -> known.Name <> name) then
            conversation.Asked.Add { Name = name; Kind = kind; Default = $"{sample}" })

    match conversation.Given.TryFind name with
    | None -> fallback
    | Some text ->
        match parse sample text with
        | Some value -> unbox value
        | None -> raise (ArgumentException $"the argument {name} is {kind}; given: {text}")
