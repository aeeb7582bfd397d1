using PUNet.Core.Common.Files;

namespace PUNet.Core.Tests.Common;

public sealed class FileStatusTests : IDisposable
{
    private static readonly DateTime _old = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_folders_pipes_devices_and_what_is_not_there_are_told_apart()
    {
        Assert.Equal(FileKind.File, FileStatus.Of(Write("a", "text")).Kind);
        Assert.Equal(FileKind.Folder, FileStatus.Of(_folder.Path).Kind);
        Assert.Equal(FileKind.Missing, FileStatus.Of(_folder.File("b")).Kind);
        Assert.Equal(FileKind.Missing, FileStatus.Of(_folder.File("a/b")).Kind);
        File.CreateSymbolicLink(_folder.File("link"), _folder.File("a"));
        File.CreateSymbolicLink(_folder.File("loose"), _folder.File("none"));
        Assert.Equal((FileKind.File, 4), (FileStatus.Of(_folder.File("link")).Kind, FileStatus.Of(_folder.File("link")).Length));
        Assert.Equal(FileKind.Missing, FileStatus.Of(_folder.File("loose")).Kind);
        if (!OperatingSystem.IsLinux()) return;
        Assert.Equal(FileKind.Special, FileStatus.Of("/dev/null").Kind);
        System.Diagnostics.Process.Start("mkfifo", [_folder.File("pipe")]).WaitForExit();
        Assert.Equal(FileKind.Special, FileStatus.Of(_folder.File("pipe")).Kind);
    }

    [Fact]
    public void The_portable_reading_agrees_on_kind_length_and_time()
    {
        var path = Write("a", "text");
        File.CreateSymbolicLink(_folder.File("link"), path);
        File.CreateSymbolicLink(_folder.File("loose"), _folder.File("none"));
        foreach (var name in new[] { path, _folder.Path, _folder.File("link"), _folder.File("loose"), _folder.File("none") })
        {
            var (told, portable) = (FileStatus.Of(name), FileStatus.Portable(name));
            Assert.Equal((told.Kind, told.Kind == FileKind.File ? told.Length : 0), (portable.Kind, portable.Length));
        }
        Assert.Equal(_old, FileStatus.Portable(path).LastChange);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stamp_differs_after_a_write_and_when_a_link_is_led_elsewhere(bool portable)
    {
        FileStatus Of(string path) => portable ? FileStatus.Portable(path) : FileStatus.Of(path);
        var (first, second) = (Write("a", "text"), Write("b", "text"));
        File.CreateSymbolicLink(_folder.File("link"), first);
        var (before, link) = (Of(first).Stamp, Of(_folder.File("link")).Stamp);
        Assert.Equal(before, Of(first).Stamp);
        File.Delete(_folder.File("link"));
        File.CreateSymbolicLink(_folder.File("link"), second);
        Assert.NotEqual(link, Of(_folder.File("link")).Stamp);
        File.WriteAllText(first, "longer text");
        Assert.NotEqual(before, Of(first).Stamp);
        Assert.DoesNotContain('\t', Of(first).Stamp);
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        File.SetLastWriteTimeUtc(_folder.File(name), _old);
        return _folder.File(name);
    }
}
