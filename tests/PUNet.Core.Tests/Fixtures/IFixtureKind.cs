namespace PUNet.Core.Tests.Fixtures;

/// <summary>How the fixture cases of one kind are checked; found by reflection.</summary>
public interface IFixtureKind
{
    /// <summary>The <c>kind</c> in the case's JSON.</summary>
    string Kind { get; }

    /// <summary>Computes the case and compares with <see cref="FixtureCase.Expect(string, TorchSharp.torch.Tensor)"/>.</summary>
    void Check(FixtureCase fixture);
}
