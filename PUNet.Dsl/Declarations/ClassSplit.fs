namespace PUNet.Dsl

open System.Collections
open System.Collections.Generic

/// A class of a dataset that a model is to learn; as text its name, for labels such as $"prompts for {organ}".
type TargetClass =
    {
        Name: string
        Dataset: StageNode
        /// Faults of the declaration it comes from.
        Problems: Problem list
    }

    override target.ToString() = target.Name

/// Classes of a dataset, in the order of declaration.
type ClassGroup =
    { Dataset: StageNode
      Names: string list
      Problems: Problem list }

    override group.ToString() = String.concat ", " group.Names

    interface IEnumerable<TargetClass> with
        member group.GetEnumerator() : IEnumerator<TargetClass> =
            (group.Names |> Seq.map (fun name -> { Name = name; Dataset = group.Dataset; Problems = group.Problems })).GetEnumerator()

        member group.GetEnumerator() : IEnumerator = (group :> IEnumerable<TargetClass>).GetEnumerator() :> IEnumerator

/// Which classes pre-training sees and which are learned afterwards.
type ClassSplit = { Base: ClassGroup; Novel: ClassGroup }
