namespace PUNet.Dsl

open PUNet.Core.Common
open PUNet.Core.Models

/// The published settings of the network (method.md, section 4).
module PUNet =
    let private sized (student: Extent) (second: Extent) (teacher: Extent) (window: Extent) =
        { Configuration =
            PromptableUNetConfiguration(StudentPatch = student, SecondStudentPatch = second, TeacherPatch = teacher, Window = window)
          Problems = [] }

    /// 224² and 160² in 256², window 8×8×1: the paper's setting.
    let paper2d = sized (Extent(224, 224, 1)) (Extent(160, 160, 1)) (Extent(256, 256, 1)) (Extent(8, 8, 1))

    /// Four slices.
    let flat3d = sized (Extent(112, 112, 4)) (Extent(80, 80, 4)) (Extent(128, 128, 4)) (Extent(6, 6, 2))

    /// Eight slices of small extent.
    let aniso3d = sized (Extent(56, 56, 8)) (Extent(40, 40, 8)) (Extent(64, 64, 8)) (Extent(4, 4, 4))

    /// Eight slices of large extent.
    let large3d = sized (Extent(112, 112, 8)) (Extent(80, 80, 8)) (Extent(128, 128, 8)) (Extent(6, 6, 4))
