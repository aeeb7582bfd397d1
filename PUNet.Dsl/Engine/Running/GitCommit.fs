/// The commit of the repository that a folder lies in, read without running git.
module internal PUNet.Dsl.Engine.GitCommit

open System.IO

let rec private repository (folder: string) =
    let candidate = Path.Combine(folder, ".git")

    if Directory.Exists candidate then
        Some candidate
    elif File.Exists candidate then
        let link = File.ReadAllText(candidate).Trim()
        if link.StartsWith "gitdir: " then Some(Path.Combine(folder, link.Substring 8)) else None
    else
        match Path.GetDirectoryName folder with
        | null -> None
        | parent -> repository parent

let private resolve (git: string) (reference: string) =
    let common =
        let link = Path.Combine(git, "commondir")
        if File.Exists link then Path.Combine(git, File.ReadAllText(link).Trim()) else git

    let loose = Path.Combine(common, reference)
    let packed = Path.Combine(common, "packed-refs")

    if File.Exists loose then
        Some(File.ReadAllText(loose).Trim())
    elif File.Exists packed then
        File.ReadLines packed
        |> Seq.tryFind (fun line -> line.EndsWith(" " + reference, System.StringComparison.Ordinal))
        |> Option.map (fun line -> line.Substring(0, line.IndexOf ' '))
    else
        None

/// The commit's hash, if the folder lies in a repository that has one.
let find (folder: string) : string option =
    try
        repository (Path.GetFullPath folder)
        |> Option.bind (fun git ->
            let head = Path.Combine(git, "HEAD")

            if not (File.Exists head) then
                None
            else
                let text = File.ReadAllText(head).Trim()
                if text.StartsWith "ref: " then resolve git (text.Substring 5) else Some text)
    with
    | :? IOException
    | :? System.UnauthorizedAccessException -> None
