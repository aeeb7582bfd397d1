/// Adds settings to a block, each from its keyword on a line.
module internal PUNet.Dsl.Keyword

open PUNet.Core.Common.Settings

/// The setting of a keyword.
let set keyword line change (settings: Setting<'Record> list) = settings @ [ Setting.own keyword line change ]

/// The property of one of Core's records, whose name is the keyword. `within`: where the record stands in the block's.
let put line property (value: objnull) (within: ('Inner -> 'Inner) -> 'Record -> 'Record) settings =
    settings |> set (SettingName.Of property) line (within (CoreRecord.set property value))

/// The same of the block's own record.
let putOwn line property value settings = settings |> put line property value id

/// The last setting brings others with it, which then change what it brings, wherever they stand.
let asBase (settings: Setting<'Record> list) =
    match List.rev settings with
    | last :: earlier -> List.rev ({ last with Rank = Base } :: earlier)
    | [] -> []

/// Adds faults of what the setting that was added last was given.
let withFound problems (settings: Setting<'Record> list) =
    match List.rev settings with
    | last :: earlier -> List.rev ({ last with Found = last.Found @ problems } :: earlier)
    | [] -> []

/// Settings that stand in a block within the block.
let within keyword (settings: Setting<'Record> list) = settings |> List.map (fun setting -> { setting with Within = keyword })

/// Lets the setting that was added last change more.
let also change (settings: Setting<'Record> list) =
    match List.rev settings with
    | last :: earlier -> List.rev ({ last with Parts = last.Parts @ [ last.Keyword, change ] } :: earlier)
    | [] -> []

/// Settings of a block within the block, which is one of its settings itself.
let inner keyword position (change: ('Inner -> 'Inner) -> 'Record -> 'Record) (settings: Setting<'Inner> list) : Setting<'Record> list =
    { Setting.own keyword None id with Position = position } :: (Setting.lift change settings |> within keyword)
