using System.IO.Compression;
using System.Numerics;
using PUNet.Core.Common;
using PUNet.Core.Common.Pickle;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Common.Pickle;

public sealed class TorchArchiveTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"punet-{Guid.NewGuid():N}.ckpt");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Plain_values_are_read_as_they_were_written()
    {
        var content = (PickleDictionary)Content(writer => writer.Value(new Dictionary<string, object?>
        {
            ["nothing"] = null,
            ["truth"] = true,
            ["number"] = -7,
            ["rate"] = 1e-4,
            ["text"] = "Leber ü",
            ["list"] = new List<object?> { 1, "b" },
            ["tuple"] = new object?[] { 224, 224, 1, new List<object?>() },
        }))!;
        var named = content.ByName();
        Assert.Equal(["nothing", "truth", "number", "rate", "text", "list", "tuple"], content.Items.Select(item => item.Key));
        Assert.Null(named["nothing"]);
        Assert.Equal(true, named["truth"]);
        Assert.Equal(-7L, named["number"]);
        Assert.Equal(1e-4, named["rate"]);
        Assert.Equal("Leber ü", named["text"]);
        Assert.Equal(new object?[] { 1L, "b" }, (List<object?>)named["list"]!);
        Assert.Equal(224L, ((PickleTuple)named["tuple"]!).Items[1]);
    }

    [Fact]
    public void Remembered_values_are_one_value_and_long_integers_keep_their_digits()
    {
        var content = (PickleTuple)Content(writer => writer.Raw('(').Raw(']', 'q', 0).Raw('h', 0).Raw('r', 1, 2, 0, 0).Raw('j', 1, 2, 0, 0)
            .Raw(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1).Raw('M', 1, 2).Raw('t'))!;
        Assert.Same(content.Items[0], content.Items[1]);
        Assert.Same(content.Items[0], content.Items[2]);
        Assert.Equal(BigInteger.One << 64, content.Items[3]);
        Assert.Equal(513L, content.Items[4]);
    }

    [Fact]
    public void Named_values_paths_and_devices_of_known_classes_are_data()
    {
        var content = (PickleTuple)Content(writer => writer.Raw('(')
            .Global("argparse", "Namespace").Raw(')', 0x81).Value(new Dictionary<string, object?> { ["mode"] = "fit" }).Raw('b')
            .Global("pathlib", "PosixPath").Raw('(').Text("data").Text("ct").Raw('t', 'R')
            .Global("torch", "device").Text("cuda").Raw('K', 1, 0x86, 'R')
            .Global("torch", "float16").Raw('t'))!;
        Assert.Equal("fit", ((PickleDictionary)content.Items[0]!).Attributes!.ByName()["mode"]);
        Assert.Equal("data/ct", content.Items[1]);
        Assert.Equal(["cuda", 1L], ((PickleTuple)content.Items[2]!).Items);
        Assert.Equal(new PickleName("torch", "float16"), content.Items[3]);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Int64)]
    public void Tensors_of_every_type_are_float32_or_int64(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = arange(6, dtype: type).reshape(2, 3);
        var expected = type == ScalarType.Int64 ? type : ScalarType.Float32;
        var read = Read(writer => writer.Tensor(values));
        Assert.Equal(expected, read.dtype);
        Assert.Equal(values.to(expected), read);
    }

    [Fact]
    public void A_view_is_read_by_its_offset_and_strides()
    {
        using var scope = NewDisposeScope();
        var stored = arange(20, dtype: ScalarType.Float32);
        Assert.Equal(stored.as_strided([3, 2], [1, 5], 4).contiguous(), Read(writer => writer.View(stored, 4, [3, 2], [1, 5])));
        Assert.Equal([0, 4], Read(writer => writer.View(stored, 0, [0, 4], [4, 1])).shape);
        Assert.Equal(7, Read(writer => writer.View(stored, 7, [], [])).item<float>());
    }

    [Fact]
    public void Tensors_may_share_a_storage()
    {
        using var scope = NewDisposeScope();
        var content = (PickleTuple)Content(
            writer => writer.Raw('(').Tensor(arange(4, dtype: ScalarType.Float32)).View("FloatStorage", "0", 4, 2, [2], [1]).Raw('t'))!;
        using var archive = TorchArchive.Open(_path);
        var tensors = ((PickleTuple)archive.Content!).Items.Cast<StoredTensor>().Select(tensor => tensor.Read()).ToArray();
        Assert.Equal(2, content.Items.Count);
        Assert.Equal(tensors[0][2..], tensors[1]);
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch", "load")]
    [InlineData("torch._utils", "_rebuild_device_tensor_from_numpy")]
    public void A_file_that_asks_for_a_function_is_refused_by_its_name_and_place(string module, string name)
    {
        var message = Failure(writer => writer.Global(module, name).Text("touch /tmp/owned").Raw(0x85, 'R'));
        Assert.Contains($"at byte 2 the file asks for {module}.{name}, which no checkpoint needs; nothing was run", message);
    }

    [Theory]
    [InlineData("a class that may only be named", "calls builtins.int", new[] { 'c' })]
    [InlineData("a value that is missing", "a value is missing", new[] { ']', 'a' })]
    [InlineData("a missing mark", "a mark is missing", new[] { ']', 'e' })]
    [InlineData("an unknown operation", "the operation 0x69", new[] { 'i' })]
    [InlineData("a value from nowhere", "used before it is there", new[] { 'h', '\u0003' })]
    public void A_pickle_that_makes_no_sense_is_refused(string what, string expected, char[] operations)
    {
        var message = Failure(
            writer => operations is ['c'] ? writer.Global("builtins", "int").Raw(')', 'R') : writer.Raw([.. operations.Select(c => (int)c)]));
        Assert.True(message.Contains(expected, StringComparison.Ordinal), $"{what}: {message}");
    }

    [Fact]
    public void A_tensor_outside_its_storage_or_larger_than_it_is_refused()
    {
        using var stored = arange(6, dtype: ScalarType.Float32);
        Assert.Contains("[4] that does not lie within its storage of 6", Failure(writer => writer.View(stored, 3, [4], [1])));
        Assert.Contains("[2, 2] that does not", Failure(writer => writer.View(stored, 0, [2, 2], [1 << 30, 1 << 30])));
        Assert.Contains(
            "[2000000000, 2000000000, 2000000000] that does not",
            Failure(writer => writer.View(stored, 0, [2000000000, 2000000000, 2000000000], [0, 0, 0])));
        Assert.Contains(
            "of 7 numbers, for which the file has 24 bytes", Failure(writer => writer.Tensor(stored).View("FloatStorage", "0", 7, 0, [7], [1])));
        Assert.Contains("a storage that is not in the file", Failure(writer => writer.View("FloatStorage", "9", 6, 0, [6], [1])));
    }

    [Fact]
    public void A_compressed_or_big_endian_archive_or_one_without_a_description_is_refused()
    {
        TorchFile.Write(_path, new PickleWriter().Text(new string('a', 1000)), compression: CompressionLevel.Optimal);
        Assert.Contains("it is compressed", Assert.Throws<CheckpointException>(() => TorchArchive.Open(_path)).Message);
        TorchFile.Write(_path, new PickleWriter().Value(null), byteOrder: "big");
        Assert.Contains("in big-endian order", Assert.Throws<CheckpointException>(() => TorchArchive.Open(_path)).Message);
        File.Delete(_path);
        using (var archive = ZipFile.Open(_path, ZipArchiveMode.Create)) archive.CreateEntry("readme.txt");
        Assert.Contains("without data.pkl", Assert.Throws<CheckpointException>(() => TorchArchive.Open(_path)).Message);
    }

    [Fact]
    public void Any_damage_is_harmless_or_one_clear_refusal()
    {
        using var scope = NewDisposeScope();
        var writer = new PickleWriter();
        writer.Ordered(
            new Dictionary<string,
            object?>
            { ["weight"] = arange(12, dtype: ScalarType.Float32).reshape(3, 4), ["names"] = new List<object?> { "a", 1, 0.5 } });
        TorchFile.Write(_path, writer);
        var sound = File.ReadAllBytes(_path);
        var random = new Random(5);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = round % 4 == 0 ? sound[..random.Next(sound.Length)] : (byte[])sound.Clone();
            for (var flip = 0; flip < 1 + round % 3 && bytes.Length > 0; flip++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(_path, bytes);
            try
            {
                using var archive = TorchArchive.Open(_path);
                if (archive.Content is not PickleDictionary state) continue;
                foreach (var tensor in state.Items.Select(item => item.Value).OfType<StoredTensor>()) tensor.Read().Dispose();
            }
            catch (CheckpointException refusal)
            {
                Assert.Contains(_path, refusal.Message);
            }
        }
    }

    [Fact]
    public void Content_that_would_grow_without_end_is_refused()
    {
        Assert.Contains("nested more than", Failure(writer => writer.Raw(Enumerable.Repeat((int)'(', 5000).ToArray())));
        Assert.Contains("values are open at once", Failure(writer => writer.Raw(Enumerable.Repeat((int)'N', 1_000_001).ToArray())));
        var path = new string('a', 3000);
        Assert.Contains("a path that is too long", Failure(writer => writer.Global("pathlib", "Path").Text(path).Raw('q', 1, 'h', 1, 0x86, 'R')));
    }

    private object? Content(Func<PickleWriter, PickleWriter> write)
    {
        TorchFile.Write(_path, write(new PickleWriter()));
        using var archive = TorchArchive.Open(_path);
        return archive.Content;
    }

    private Tensor Read(Func<PickleWriter, PickleWriter> write)
    {
        TorchFile.Write(_path, write(new PickleWriter()));
        using var archive = TorchArchive.Open(_path);
        return ((StoredTensor)archive.Content!).Read();
    }

    private string Failure(Func<PickleWriter, PickleWriter> write)
    {
        TorchFile.Write(_path, write(new PickleWriter()));
        return Assert.Throws<CheckpointException>(() => TorchArchive.Open(_path)).Message;
    }
}
