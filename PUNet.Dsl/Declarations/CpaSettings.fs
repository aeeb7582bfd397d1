namespace PUNet.Dsl

/// Contrastive prototype assignment, the self-supervised loss (method.md, section 3).
type CpaSettings =
    { /// Weight of the loss beside the focal loss.
      Weight: float
      /// r_p: embedding positions per prototype seed and axis.
      PrototypeReduction: float
      /// r: reduction of all views.
      ViewReduction: float
      /// Rounds of prototype refinement.
      Iterations: int
      TeacherTemperature: float
      StudentTemperature: float
      /// Full width at half maximum of the spatial weight, in voxels.
      SpatialWidth: float
      /// Largest distance between a student's position and the teacher's, in voxels.
      MaximumDistance: float }

module CpaSettings =
    let defaults =
        { Weight = 0.01
          PrototypeReduction = 8.0
          ViewReduction = 2.0
          Iterations = 3
          TeacherTemperature = 0.033
          StudentTemperature = 0.066
          SpatialWidth = 128.0
          MaximumDistance = 4.0 }
