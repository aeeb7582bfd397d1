namespace PUNet.Cli.CommandLine

open Argu

/// punet data check
[<RequireQualifiedAccess>]
type DataArguments =
    | [<MainCommand>] Words of WORDS: string list
    | [<Unique>] Layout of NAME: string
    | [<Unique>] Image of PATTERN: string
    | [<Unique>] Labels of PATTERN: string
    | [<Unique>] Channel of N: int
    | [<Unique>] Classes of LIST: string
    | [<Unique>] Unit of NAME: string
    | [<Unique>] Group_By of PATTERN: string
    | [<Unique>] Jobs of N: int
    | [<Unique>] Json
    | [<Unique>] Debug

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Words _ -> "check DIR: the dataset's folder, as it was downloaded or as preparation wrote it."
            | Layout _ ->
                "how its files are named: ct-org, btcv, nnunet, pairs, parts (train, validation, test), csv or prepared; by default what it looks like."
            | Image _ -> "for pairs and parts: name of an image with {id} for the subject, for example images/{id} or {id}_ct."
            | Labels _ -> "for pairs and parts: name of a label map with {id}, for example labels/{id} or {id}_seg."
            | Channel _ -> "for nnunet: which channel to check, from 0."
            | Classes _ -> "the label values that may occur, with names: 1=liver,2=spleen."
            | Unit _ -> "unit of the intensities: hu or any; by default what most images look like."
            | Group_By _ -> "regular expression that finds the patient in a subject's id, for example ^[^_]+"
            | Jobs _ -> "subjects read at a time; by default one per processor."
            | Json -> "one JSON object per line: findings, subjects, summary."
            | Debug -> "show stack traces of errors."
