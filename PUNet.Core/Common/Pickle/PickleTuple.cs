namespace PUNet.Core.Common.Pickle;

/// <summary>A Python tuple.</summary>
/// <param name="Items">Its values; see <see cref="PickleMachine"/> for their types.</param>
internal sealed record PickleTuple(IReadOnlyList<object?> Items);
