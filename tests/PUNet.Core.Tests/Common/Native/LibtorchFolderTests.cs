using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Common.Native;

namespace PUNet.Core.Tests.Common.Native;

public sealed class LibtorchFolderTests : IDisposable
{
    private static readonly LibtorchFolder _package = NativeTorch.Libtorch ?? throw new InvalidOperationException("The tests run beside a libtorch.");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("torch")]
    [InlineData("torch/lib")]
    public void Any_folder_of_an_installed_PyTorch_names_its_libtorch_and_version(string named)
    {
        var lib = Linked("torch/lib");
        File.WriteAllText(_folder.File("torch/version.py"), "__all__ = ['__version__', 'debug']\n__version__ = '2.11.0+cu130'\ndebug = False\n");
        var found = LibtorchFolder.At(_folder.File(named), _package);
        Assert.Equal((lib, "2.11.0+cu130", _package.Build, false), (found.Path, found.Version, found.Build, found.IsPackage));
        Assert.StartsWith("2.11.0+cu130", found.Identity);
    }

    [Theory]
    [InlineData("version.py", "__version__: str = \"2.12.0a0\"\n", "2.12.0a0")]
    [InlineData("build-version", "2.10.0+cu128\n", "2.10.0+cu128")]
    [InlineData("other", "", null)]
    public void The_version_is_that_of_the_installation_and_of_a_copy_of_PUNets_own_that_of_PUNet(string file, string text, string? version)
    {
        Linked("lib");
        File.WriteAllText(_folder.File(file), text);
        Assert.Equal(version ?? NativeTorch.BuiltFor, LibtorchFolder.At(_folder.File(""), _package).Version);
        if (version is null) Assert.Equal("unknown", LibtorchFolder.At(_folder.File(""), null).Version);
    }

    [Fact]
    public void Links_are_followed_to_the_installation_also_those_of_folders()
    {
        var lib = Directory.CreateDirectory(_folder.File("real/torch/lib")).FullName;
        foreach (var library in new[] { "c10", "torch", "torch_cpu" })
            File.Copy(_package.Library("torch"), Path.Combine(lib, NativeNames.File(library)));
        File.WriteAllText(_folder.File("real/torch/version.py"), "__version__ = '2.11.0'\n");
        Directory.CreateSymbolicLink(_folder.File("link"), _folder.File("real/torch"));
        Directory.CreateSymbolicLink(_folder.File("chosen"), _folder.File("link/lib"));
        Assert.Equal(Path.Combine(lib, NativeNames.File("c10")), NativeNames.Real(_folder.File($"chosen/{NativeNames.File("c10")}")));
        Assert.Equal("2.11.0", LibtorchFolder.At(_folder.File("chosen"), _package).Version);
    }

    [Fact]
    public void Another_version_or_build_is_another_identity()
    {
        Linked("lib");
        var own = LibtorchFolder.At(_folder.File(""), _package);
        Assert.Equal(_package.Identity, own.Identity);
        File.WriteAllText(_folder.File("build-version"), "2.11.0+cpu");
        Assert.NotEqual(_package.Identity, LibtorchFolder.At(_folder.File(""), _package).Identity);
        if (OperatingSystem.IsLinux()) Assert.Contains(_package.Build![..12], own.Identity);
    }

    [Fact]
    public void A_folder_without_libtorch_is_refused_with_the_remedy()
    {
        Linked("whole");
        Assert.Contains("there is no folder", Refused("nowhere"));
        Assert.Contains("a folder is needed", Assert.Throws<LibtorchException>(() => LibtorchFolder.At("", null)).Message);
        Directory.CreateDirectory(_folder.File("empty"));
        Assert.Contains("holds none", Refused("empty"));
        File.Delete(_folder.File($"whole/{NativeNames.File("c10")}"));
        Assert.Contains("is not complete", Refused("whole"));
        Assert.Contains("torch.__path__", Refused("empty"));
    }

    [Fact]
    public void A_library_that_was_cut_short_is_told_without_loading_it()
    {
        if (!OperatingSystem.IsLinux()) return;
        var library = Path.Combine(Linked("cut"), NativeNames.File("torch_cpu"));
        var bytes = Start(_package.Library("torch_cpu"), 1 << 20);
        File.Delete(library);
        foreach (var length in new[] { 0, 3, 63, 64, 100, 1000, bytes.Length })
        {
            File.WriteAllBytes(library, bytes[..length]);
            Assert.Contains("cannot be read", Refused("cut"));
        }
    }

    [Fact]
    public void A_library_says_its_name_its_build_and_what_it_needs()
    {
        if (!OperatingSystem.IsLinux()) return;
        var library = ElfLibrary.Read(_package.Library("torch"));
        Assert.Equal("libtorch.so", library.Name);
        Assert.Contains("libtorch_cpu.so", library.Needed);
        Assert.Matches("^[0-9a-f]{16,}$", library.Build);
    }

    [Fact]
    public void Damaged_headers_are_an_error_and_nothing_else()
    {
        if (!OperatingSystem.IsLinux()) return;
        var bytes = File.ReadAllBytes(_package.Library("torch")); // a few kilobytes
        var random = new RandomStream(1, "damage");
        for (var round = 0; round < 2000; round++)
        {
            var damaged = (byte[])bytes.Clone();
            for (var i = 0; i < 3; i++) damaged[random.Integer(0, 1023)] = (byte)random.Integer(0, 255);
            File.WriteAllBytes(_folder.File("damaged.so"), damaged);
            if (Record.Exception(() => ElfLibrary.Read(_folder.File("damaged.so"))) is { } error) Assert.IsType<InvalidDataException>(error);
        }
    }

    private string Refused(string folder) => Assert.Throws<LibtorchException>(() => LibtorchFolder.At(_folder.File(folder), _package)).Message;

    /// <summary>A folder with links to the libraries beside PUNet.</summary>
    private string Linked(string name)
    {
        var folder = Directory.CreateDirectory(_folder.File(name)).FullName;
        foreach (var library in new[] { "c10", "torch", "torch_cpu" })
            File.CreateSymbolicLink(Path.Combine(folder, NativeNames.File(library)), NativeNames.Real(_package.Library(library)));
        return folder;
    }

    private static byte[] Start(string path, int count)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[count];
        file.ReadExactly(bytes);
        return bytes;
    }
}
