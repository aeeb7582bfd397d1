namespace PUNet.Dsl.Engine.Code

open System
open System.Collections.Generic
open System.Reflection.Emit

/// One instruction of a method.
[<Struct>]
type Instruction =
    {
        Code: OpCode
        /// Number, token or bits of a floating-point number; 0 where there is none.
        Operand: int64
        /// Instructions that are jumped to, relative to this one, counted in instructions.
        Jumps: int list
    }

/// Reads the intermediate language that compilers emit.
module Il =
    let private codes =
        lazy
            (let known = Dictionary<int, OpCode>()

             for field in typeof<OpCodes>.GetFields() do
                 match field.GetValue null with
                 | :? OpCode as code -> known[int (uint16 code.Value)] <- code
                 | _ -> ()

             known)

    let private operandSize (code: OpCode) =
        match code.OperandType with
        | OperandType.InlineNone -> 0
        | OperandType.ShortInlineBrTarget
        | OperandType.ShortInlineI
        | OperandType.ShortInlineVar -> 1
        | OperandType.InlineVar -> 2
        | OperandType.InlineI8
        | OperandType.InlineR -> 8
        | _ -> 4

    let private number (bytes: byte array) at size =
        match size with
        | 0 -> 0L
        | 1 -> int64 (sbyte bytes[at])
        | 2 -> int64 (BitConverter.ToUInt16(bytes, at))
        | 4 -> int64 (BitConverter.ToInt32(bytes, at))
        | _ -> BitConverter.ToInt64(bytes, at)

    /// Instructions with the offsets at which they start, and the offsets they jump to.
    let private scan (bytes: byte array) =
        let found = List<struct (int * OpCode * int64 * int list)>()
        let mutable at = 0

        while at < bytes.Length do
            let start = at
            let wide = bytes[at] = 0xFEuy
            let code = codes.Value[if wide then 0xFE00 ||| int bytes[at + 1] else int bytes[at]]
            at <- at + (if wide then 2 else 1)

            if code.OperandType = OperandType.InlineSwitch then
                let count = BitConverter.ToInt32(bytes, at)
                let behind = at + 4 + 4 * count
                let targets = [ for i in 0 .. count - 1 -> behind + BitConverter.ToInt32(bytes, at + 4 + 4 * i) ]
                at <- behind
                found.Add(struct (start, code, 0L, targets))
            else
                let size = operandSize code
                let operand = number bytes at size
                at <- at + size
                let isJump = code.OperandType = OperandType.InlineBrTarget || code.OperandType = OperandType.ShortInlineBrTarget
                found.Add(struct (start, code, (if isJump then 0L else operand), (if isJump then [ at + int operand ] else [])))

        found

    /// The instructions of a body, and the number of the instruction at a byte offset.
    let decode (bytes: byte array) : Instruction array * (int -> int) =
        let found = scan bytes
        let index = Dictionary<int, int>()
        found |> Seq.iteri (fun i (struct (start, _, _, _)) -> index[start] <- i)

        let at offset =
            match index.TryGetValue offset with
            | true, i -> i
            | _ -> found.Count // the end of the body

        [| for i in 0 .. found.Count - 1 ->
               let struct (_, code, operand, targets) = found[i]
               { Code = code; Operand = operand; Jumps = targets |> List.map (fun target -> at target - i) } |],
        at
