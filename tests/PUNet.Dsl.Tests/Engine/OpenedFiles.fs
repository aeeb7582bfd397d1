namespace PUNet.Dsl.Tests

open System
open System.Collections.Generic
open System.ComponentModel
open System.IO
open System.Runtime.InteropServices
open System.Text

module private Inotify =
    [<DllImport("libc", SetLastError = true)>]
    extern int inotify_init1(int flags)

    [<DllImport("libc", SetLastError = true)>]
    extern int inotify_add_watch(int handle, [<MarshalAs(UnmanagedType.LPUTF8Str)>] string path, uint32 mask)

    [<DllImport("libc", SetLastError = true)>]
    extern nativeint read(int handle, byte[] buffer, nativeint size)

    [<DllImport("libc", SetLastError = true)>]
    extern int close(int handle)

    let nonBlocking = 0x800
    let opened = 0x20u
    let folder = 0x40000000u
    let overflow = 0x4000u
    let headerSize = 16

/// Files below some folders that any process opens from now on, as Linux tells them.
[<Sealed>]
type OpenedFiles(roots: string list) =
    let handle = Inotify.inotify_init1 Inotify.nonBlocking

    let watch (path: string) =
        match Inotify.inotify_add_watch (handle, path, Inotify.opened) with
        | -1 -> raise (Win32Exception(Marshal.GetLastPInvokeError()))
        | number -> KeyValuePair(number, path)

    let folders =
        [ for root in roots do
              root

              for path in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories) do
                  if isNull (DirectoryInfo(path).LinkTarget) then
                      path ]
        |> List.map watch
        |> Dictionary

    let events (bytes: byte[]) =
        [ let mutable at = 0

          while at < bytes.Length do
              let number, mask, length =
                  BitConverter.ToInt32(bytes, at), BitConverter.ToUInt32(bytes, at + 4), BitConverter.ToInt32(bytes, at + 12)

              number, mask, Encoding.UTF8.GetString(bytes, at + Inotify.headerSize, length).TrimEnd '\000'
              at <- at + Inotify.headerSize + length ]

    /// Absolute paths of what was opened so far.
    member _.Paths: Set<string> =
        let buffer = Array.zeroCreate (1 <<< 20)

        let rec all found =
            match int (Inotify.read (handle, buffer, nativeint buffer.Length)) with
            | size when size > 0 -> all (found @ events (Array.truncate size buffer))
            | _ -> found

        set
            [ for number, mask, name in all [] do
                  if mask &&& Inotify.overflow <> 0u then
                      failwith "More files were opened than the system could tell."

                  if mask &&& Inotify.folder = 0u && name <> "" then
                      Path.Combine(folders[number], name) ]

    interface IDisposable with
        member _.Dispose() = Inotify.close handle |> ignore
