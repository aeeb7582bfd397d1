using PUNet.Core.Models;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models;

public sealed class MomentumTeacherTests
{
    [Fact]
    public void The_teacher_starts_as_a_copy_and_follows_the_students_parameters_but_not_its_statistics()
    {
        using var scope = NewDisposeScope();
        using var student = SmallNetworks.Network(SmallNetworks.Flat);
        using var teacher = new MomentumTeacher(student, 0.9);
        var start = teacher.Network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        foreach (var (name, value) in student.state_dict()) Assert.True(value.Equals(start[name]), name);
        using (no_grad())
            foreach (var value in student.state_dict().Values) value.add_(1);
        teacher.Update();
        var parameters = teacher.Network.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        foreach (var (name, value) in teacher.Network.state_dict())
            Assert.True(parameters.ContainsKey(name) ? value.allclose(start[name] + 0.1, atol: 1e-6) : value.Equals(start[name]), name);
        Assert.All(parameters.Values, parameter => Assert.False(parameter.requires_grad));
    }
}
