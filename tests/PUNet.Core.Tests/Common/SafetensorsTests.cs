using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Common;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"punet-{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_is_written_is_read_back()
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["b.weight"] = arange(6, dtype: ScalarType.Float32).reshape(2, 3),
            ["a.index"] = tensor(new long[] { -1, 1L << 40 }),
            ["scalar"] = tensor(3.5),
            ["nothing"] = empty(new long[] { 0, 4 }, ScalarType.Float32),
        };
        Safetensors.Write(_path, tensors, new Dictionary<string, string> { ["backbone"] = "a1" });
        var (read, metadata) = Safetensors.Open(_path);
        Assert.Equal("a1", metadata["backbone"]);
        Assert.Equal(tensors.Keys.Order(), read.Keys.Order());
        foreach (var (name, expected) in tensors)
        {
            Assert.Equal(expected.dtype, read[name].dtype);
            Assert.Equal(expected.shape, read[name].shape);
            Assert.True(expected.numel() == 0 || expected.eq(read[name]).all().item<bool>());
        }
    }

    [Fact]
    public void The_order_of_insertion_does_not_change_the_bytes()
    {
        Safetensors.Write(_path, [new("a", ones(2)), new("b", zeros(2))]);
        var first = File.ReadAllBytes(_path);
        Safetensors.Write(_path, [new("b", zeros(2)), new("a", ones(2))]);
        Assert.Equal(first, File.ReadAllBytes(_path));
    }

    [Fact]
    public void A_cut_file_is_refused_by_name()
    {
        Safetensors.Write(_path, [new("weights", ones(100))]);
        File.WriteAllBytes(_path, File.ReadAllBytes(_path)[..^4]);
        var error = Assert.Throws<CheckpointException>(() => Safetensors.Read(_path));
        Assert.Contains(_path, error.Message);
        Assert.Contains("'weights' lies outside the file", error.Message);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 127, 1 })]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 123, 34, 97 })]
    public void What_is_no_safetensors_file_is_refused(byte[] content)
    {
        File.WriteAllBytes(_path, content);
        Assert.Contains("not a sound safetensors file", Assert.Throws<CheckpointException>(() => Safetensors.Read(_path)).Message);
    }

    [Theory]
    [InlineData("[1000000000000, 1000000000000]")]
    [InlineData("[4611686018427387904, 4]")]
    [InlineData("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]")]
    public void A_shape_that_the_file_cannot_hold_is_refused_before_it_is_made(string shape)
    {
        var header = System.Text.Encoding.UTF8.GetBytes($"{{\"w\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":[0,4]}}}}");
        File.WriteAllBytes(_path, [.. BitConverter.GetBytes((long)header.Length), .. header, 0, 0, 0, 0]);
        Assert.Contains("tensor 'w'", Assert.Throws<CheckpointException>(() => Safetensors.Read(_path)).Message);
    }

    [Fact]
    public void Any_damage_is_harmless_or_one_clear_refusal()
    {
        Safetensors.Write(
            _path, [new("weight", ones(3, 4)), new("index", tensor(new long[] { 1, 2 }))], new Dictionary<string, string> { ["format"] = "pt" });
        var sound = File.ReadAllBytes(_path);
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = round % 4 == 0 ? sound[..random.Next(sound.Length)] : (byte[])sound.Clone();
            for (var flip = 0; flip < 1 + round % 3 && bytes.Length > 0; flip++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(_path, bytes);
            try
            {
                foreach (var tensor in Safetensors.Read(_path).Values) tensor.Dispose();
            }
            catch (CheckpointException refusal)
            {
                Assert.Contains(_path, refusal.Message);
            }
        }
    }
}
