namespace PUNet.Dsl

/// One evaluation in the tables of an experiment.
type ReportRow =
    {
        /// Name of the stage's input that holds the scores, for example scores.0.
        Input: string
        /// What was done, for example promptTune.
        Variant: string
        /// Number that rows share which differ in their seed only; none for a single one.
        Repetition: int option
    }

/// Tables and pictures of an experiment.
type ReportSettings =
    {
        Title: string
        Rows: ReportRow list
        /// Pairs of rows, by their inputs, to be set side by side.
        Comparisons: (string * string) list
    }
