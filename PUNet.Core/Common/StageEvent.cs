namespace PUNet.Core.Common;

/// <summary>What a long computation tells while it runs; the one stream behind progress, logs and <c>--json</c>.</summary>
public abstract record StageEvent
{
    private StageEvent() { }

    /// <summary>Work done so far.</summary>
    /// <param name="Unit">What is counted: step, epoch, subject, window.</param>
    /// <param name="Done">Finished units.</param>
    /// <param name="Total">All units.</param>
    /// <param name="Note">Figures worth seeing, for example the loss; may be empty.</param>
    public sealed record Progress(string Unit, long Done, long Total, string Note) : StageEvent;

    /// <summary>A measured figure.</summary>
    /// <param name="Name">For example loss/focal.</param>
    /// <param name="Step">Step or epoch it belongs to.</param>
    /// <param name="Value">Its value.</param>
    public sealed record Metric(string Name, long Step, double Value) : StageEvent;

    /// <summary>A sentence for the person who watches.</summary>
    public sealed record Message(string Text) : StageEvent;

    /// <summary>A sentence about something that makes the result doubtful; the computation goes on.</summary>
    public sealed record Warning(string Text) : StageEvent;
}
