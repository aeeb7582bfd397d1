using PUNet.Core.Common.Files;

namespace PUNet.Core.Tests.Common;

public sealed class FileOwnershipTests
{
    [Fact]
    public void A_file_has_owner_rights_and_file_system_and_a_link_to_it_is_told_apart()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a"), "text");
        var rights = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(folder.File("a"), rights);
        File.CreateSymbolicLink(folder.File("link"), folder.File("a"));
        var file = FileOwnership.Of(folder.File("a"), followLinks: false)!;
        Assert.Equal((FileOwnership.CurrentUser, rights, false, true), (file.Owner, file.Mode, file.IsLink, file.IsOursAlone));
        Assert.Equal(file, FileOwnership.Of(folder.File("link"), followLinks: true));
        var link = FileOwnership.Of(folder.File("link"), followLinks: false)!;
        Assert.Equal((true, file.Device, false), (link.IsLink, link.Device, link.IsOursAlone));
        Assert.NotEqual(file.Device, FileOwnership.Of("/proc", followLinks: false)!.Device);
        Assert.Null(FileOwnership.Of(folder.File("none"), followLinks: false));
        File.SetUnixFileMode(folder.File("a"), rights | UnixFileMode.GroupWrite);
        Assert.False(FileOwnership.Of(folder.File("a"), followLinks: false)!.IsOursAlone);
    }
}
