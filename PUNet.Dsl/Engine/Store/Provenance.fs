namespace PUNet.Dsl.Engine

open System
open System.Globalization
open System.IO
open System.Text.Json
open PUNet.Dsl

/// An input as an artifact records it.
type RecordedInput =
    {
        Name: string
        /// Label of the stage, or the path of the user's files.
        From: string
        /// Key of the input's artifact; empty for the user's files.
        Artifact: string
        /// What of the input's result was read; empty for all of it, and for the user's files.
        Reads: string
        /// Content hash of what was read.
        Content: string
    }

/// Where an artifact comes from: stored beside its files as provenance.json.
type Provenance =
    {
        Key: string
        Kind: string
        Label: string
        /// Every field of the key.
        Fields: Canonical
        Inputs: RecordedInput list
        /// Content hash over all files but logs: the artifact's identity for whatever reads it.
        Content: string
        Files: ContentHash.HashedFile list
        /// Name of the machine, operating system, processors.
        Machine: string
        /// Versions of PUNet, .NET and libtorch.
        Versions: Map<string, string>
        /// Commit of the surrounding git repository; empty where there is none.
        Commit: string
        Started: DateTimeOffset
        Ended: DateTimeOffset
        /// Largest resident memory of the process until the end of the stage, in bytes.
        PeakMemory: int64
    }

module Provenance =
    let fileName = "provenance.json"

    /// The field that holds the hash of all others, so that an altered one is seen.
    [<Literal>]
    let private Checksum = "checksum"

    let private time (value: DateTimeOffset) = Text(value.ToString("O", CultureInfo.InvariantCulture))

    let private timeOf (text: string) =
        match DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind) with
        | true, value -> value
        | _ -> DateTimeOffset.MinValue

    /// As JSON, with the checksum.
    let toJson (provenance: Provenance) =
        let input (recorded: RecordedInput) =
            Canonical.fields
                [ "name", Text recorded.Name
                  "from", Text recorded.From
                  "artifact", Text recorded.Artifact
                  "reads", Text recorded.Reads
                  "content", Text recorded.Content ]

        let file (hashed: ContentHash.HashedFile) =
            Canonical.fields [ "path", Text hashed.Path; "length", Canonical.integer hashed.Length; "hash", Text hashed.Hash ]

        Map.ofList
            [ "key", Text provenance.Key
              "kind", Text provenance.Kind
              "label", Text provenance.Label
              "fields", provenance.Fields
              "inputs", Sequence(List.map input provenance.Inputs)
              "content", Text provenance.Content
              "files", Sequence(List.map file provenance.Files)
              "machine", Text provenance.Machine
              "versions", Fields(provenance.Versions |> Map.map (fun _ version -> Text version))
              "commit", Text provenance.Commit
              "started", time provenance.Started
              "ended", time provenance.Ended
              "peak_memory", Canonical.integer provenance.PeakMemory ]
        |> fun fields -> Fields(fields.Add(Checksum, Text(Canonical.hash (Fields fields))))
        |> Canonical.toJson

    let private parse (json: string) =
        try
            CanonicalJson.parse json
        with :? InvalidOperationException as error ->
            raise (JsonException("it holds text that is none", error)) // half of a surrogate pair

    /// Reads what `toJson` wrote. Raises JsonException for anything else.
    let ofJson (json: string) : Provenance =
        let root = parse json
        let text name = CanonicalJson.textField name root

        match root with
        | Fields fields when text Checksum = Canonical.hash (Fields(fields.Remove Checksum)) -> ()
        | _ -> raise (JsonException "its checksum does not fit")

        { Key = text "key"
          Kind = text "kind"
          Label = text "label"
          Fields = CanonicalJson.field "fields" root
          Inputs =
            [ for input in CanonicalJson.items "inputs" root ->
                  { Name = CanonicalJson.textField "name" input
                    From = CanonicalJson.textField "from" input
                    Artifact = CanonicalJson.textField "artifact" input
                    Reads = CanonicalJson.textField "reads" input
                    Content = CanonicalJson.textField "content" input } ]
          Content = text "content"
          Files =
            [ for file in CanonicalJson.items "files" root ->
                  { Path = CanonicalJson.textField "path" file
                    Length = CanonicalJson.integerField "length" file
                    Hash = CanonicalJson.textField "hash" file } ]
          Machine = text "machine"
          Versions =
            match CanonicalJson.field "versions" root with
            | Fields versions -> versions |> Map.map (fun _ version -> Canonical.show version)
            | _ -> Map.empty
          Commit = text "commit"
          Started = timeOf (text "started")
          Ended = timeOf (text "ended")
          PeakMemory = CanonicalJson.integerField "peak_memory" root }

    /// Whether a stage that reads a facet of an artifact depends on a file of it.
    let counts facet path = ContentHash.isContent path && Facet.holds facet path

    /// Content hash over the files of a facet: the artifact's identity for a stage that reads no more of it.
    let content facet (provenance: Provenance) = provenance.Files |> List.filter (fun file -> counts facet file.Path) |> ContentHash.ofFiles

    /// Reads an artifact's provenance.
    let read (folder: string) = File.ReadAllText(Path.Combine(folder, fileName)) |> ofJson
