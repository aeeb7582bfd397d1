namespace PUNet.Dsl

open PUNet.Core.Models.Promptable

/// The published settings of the network (method.md, section 4).
module PUNet =
    let private declared configuration = NetworkDeclaration.ofConfiguration configuration

    /// 224² and 160² in 256², window 8×8×1: the paper's setting.
    let paper2d = declared NetworkPresets.Paper2d

    /// Four slices.
    let flat3d = declared NetworkPresets.Paper3dFlat

    /// Eight slices of small extent.
    let aniso3d = declared NetworkPresets.Paper3dAniso

    /// Eight slices of large extent.
    let large3d = declared NetworkPresets.Paper3dLarge
