using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Losses;

/// <summary>Pairs of a student's position and the closest teacher's, over all crops of a batch.</summary>
/// <param name="Student">Index into the B·v_s student positions, int64 [N].</param>
/// <param name="Teacher">Index into the B·v teacher positions, int64 [N].</param>
/// <param name="Weight">1 / (pairs of its crop · crops with a pair), float32 [N]: they sum to 1.</param>
internal sealed record Matches(Tensor Student, Tensor Teacher, Tensor Weight)
{
    /// <summary>Matches each crop's positions on their own.</summary>
    /// <param name="student">Coordinates [B, v_s, 3] on the CPU, depth scaled.</param>
    /// <param name="teacher">Coordinates [B, v, 3] on the CPU, depth scaled.</param>
    /// <param name="maximalDistance">Positions farther from every teacher position are left out.</param>
    /// <param name="device">Where the result goes.</param>
    public static Matches Find(Tensor student, Tensor teacher, float maximalDistance, Device device)
    {
        var (crops, positions, candidates) = ((int)student.shape[0], (int)student.shape[1], (int)teacher.shape[1]);
        var (at, points) = (student.contiguous().data<float>().ToArray(), teacher.contiguous().data<float>().ToArray());
        var (own, closest, counts) = (new List<long>(), new List<long>(), new int[crops]);
        for (var b = 0; b < crops; b++)
        {
            var nearest = new NearestPositions(points.AsSpan(b * candidates * 3, candidates * 3), maximalDistance);
            for (var i = b * positions; i < (b + 1) * positions; i++)
            {
                var found = nearest.Find(at[3 * i], at[3 * i + 1], at[3 * i + 2]);
                if (found < 0) continue;
                own.Add(i);
                closest.Add((long)b * candidates + found);
                counts[b]++;
            }
        }
        var matched = counts.Count(count => count > 0);
        var weights = own.Select(i => 1f / (counts[i / positions] * matched)).ToArray();
        return new(tensor(own.ToArray(), device: device), tensor(closest.ToArray(), device: device), tensor(weights, device: device));
    }
}
