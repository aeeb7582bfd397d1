namespace PUNet.Dsl

open PUNet.Core.Models.Promptable

/// Settings of the network: a small one, and the published ones (method.md, section 4).
module PUNet =
    let private declared configuration = NetworkDeclaration.ofConfiguration configuration

    /// 96² and 64² in 112², window 4×4×1, a twentieth of the paper's parameters: what trainings have that name no network.
    let small2d = declared NetworkPresets.Small2d

    /// 224² and 160² in 256², window 8×8×1: the paper's setting.
    let paper2d = declared NetworkPresets.Paper2d

    /// Four slices.
    let flat3d = declared NetworkPresets.Paper3dFlat

    /// Eight slices of small extent.
    let aniso3d = declared NetworkPresets.Paper3dAniso

    /// Eight slices of large extent.
    let large3d = declared NetworkPresets.Paper3dLarge
