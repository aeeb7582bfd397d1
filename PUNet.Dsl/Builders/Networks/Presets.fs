namespace PUNet.Dsl

open PUNet.Core.Models
open PUNet.Core.Models.Baselines
open PUNet.Core.Models.Baselines.SwinUnetr
open PUNet.Core.Models.Baselines.UNet
open PUNet.Core.Models.Baselines.Unetr
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

/// The networks without prompts that the paper compares with, at their published sizes and the paper's 2D patches.
module Baselines =
    let private declared (configuration: BaselineConfiguration) = NetworkDeclaration.ofConfiguration configuration

    /// Residual UNet, 5.0 million parameters.
    let unet2d = declared (UNetConfiguration())

    /// UNETR, 87 million parameters.
    let unetr2d = declared (UnetrConfiguration())

    /// SwinUNETR, 6.3 million parameters.
    let swinUnetr2d = declared (SwinUnetrConfiguration())
