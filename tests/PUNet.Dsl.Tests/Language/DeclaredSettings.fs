/// What a declared stage or network is set to.
module PUNet.Dsl.Tests.DeclaredSettings

open Expecto
open PUNet.Core.Models.Promptable
open PUNet.Core.Training.Options
open PUNet.Dsl

let settingsOf (stage: Stage<'T>) = stage.Node.Spec

let pretraining (stage: Stage<Backbone>) : PretrainingOptions =
    match settingsOf stage with
    | Pretrain settings -> settings
    | other -> failtest $"{other}"

let adaptation (stage: Stage<Model>) : AdaptationOptions =
    match settingsOf stage with
    | Adapt settings -> settings
    | other -> failtest $"{other}"

let configuration (declaration: NetworkDeclaration) =
    match declaration.Configuration with
    | :? PromptableUNetConfiguration as own -> own
    | other -> failtest $"{other}"
