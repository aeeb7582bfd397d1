using PUNet.Core.Common;
using PUNet.Core.Models;
using PUNet.Core.Models.Published;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models.Published;

/// <summary>A published checkpoint of stored weights and hyper-parameters, which a test changes before it is imported.</summary>
public abstract class CheckpointImportCase : IDisposable
{
    private protected readonly PublishedFile _file = new();
    private protected readonly Dictionary<string, Tensor> _weights;
    private protected readonly Dictionary<string, object?> _given;

    private protected CheckpointImportCase() => (_weights, _given) = PublishedFile.Fixture("ref_2d_binary_eval");

    public void Dispose()
    {
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected ModelCard Imported()
    {
        if (Directory.Exists(_file.Output)) Directory.Delete(_file.Output, recursive: true);
        return Import().Card;
    }

    private protected ImportReport Import()
    {
        _file.Write(_weights, _weights, _given);
        return CheckpointImport.Run(_file.Checkpoint, _file.Output, new ImportOptions());
    }

    /// <summary>The message of the refusal, after which nothing lies beside the checkpoint.</summary>
    private protected string Failure(ImportOptions? options = null, string? without = null)
    {
        if (without is not null)
        {
            _given.Remove(without);
            _file.Write(_weights, null, _given);
        }
        var message = Assert.Throws<CheckpointException>(
            () => CheckpointImport.Run(_file.Checkpoint, _file.Output, options ?? new ImportOptions())).Message;
        Assert.Empty(_file.Beside);
        return message;
    }
}
