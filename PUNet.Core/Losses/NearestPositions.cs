namespace PUNet.Core.Losses;

/// <summary>
/// Finds the closest of many points within a distance by sorting them into cubic cells: exact, linear in time and memory
/// (all pairs of a teacher's and a student's positions would be hundreds of millions).
/// </summary>
internal sealed class NearestPositions
{
    private const int MostCellsPerAxis = 256;
    private readonly float[] _points;
    private readonly float _maximalSquare;
    private readonly float _cell;
    private readonly float[] _low = [float.MaxValue, float.MaxValue, float.MaxValue];
    private readonly int[] _cells = new int[3];
    private readonly int[] _firstOfCell; // in _order; one more than there are cells
    private readonly int[] _order; // points by cell, ascending inside each

    /// <param name="points">[n, 3], one after the other; all finite.</param>
    /// <param name="maximalDistance">Points farther away are not found.</param>
    public NearestPositions(ReadOnlySpan<float> points, float maximalDistance)
    {
        _points = points.ToArray();
        _maximalSquare = maximalDistance * maximalDistance;
        float[] high = [float.MinValue, float.MinValue, float.MinValue];
        for (var i = 0; i < _points.Length; i++)
            (_low[i % 3], high[i % 3]) = (Math.Min(_low[i % 3], _points[i]), Math.Max(high[i % 3], _points[i]));
        var longest = Enumerable.Range(0, 3).Max(axis => high[axis] - _low[axis]);
        if (!float.IsFinite(longest)) throw new ArgumentException("Coordinates must be finite.", nameof(points));
        _cell = Math.Max(maximalDistance, longest / MostCellsPerAxis);
        for (var axis = 0; axis < 3; axis++) _cells[axis] = (int)((high[axis] - _low[axis]) / _cell) + 1;
        _firstOfCell = new int[_cells[0] * _cells[1] * _cells[2] + 1];
        _order = SortByCell();
    }

    /// <summary>Index of the closest point (the first one among equals), or −1 where none is near enough.</summary>
    public int Find(float x, float y, float z)
    {
        var (fromX, toX) = Neighbours(x, 0);
        var (fromY, toY) = Neighbours(y, 1);
        var (fromZ, toZ) = Neighbours(z, 2);
        var (closest, least) = (-1, _maximalSquare);
        for (var i = fromX; i <= toX; i++)
            for (var j = fromY; j <= toY; j++)
            {
                var row = (i * _cells[1] + j) * _cells[2];
                for (var k = _firstOfCell[row + fromZ]; k < _firstOfCell[row + toZ + 1]; k++)
                {
                    var point = _order[k];
                    var (dx, dy, dz) = (_points[3 * point] - x, _points[3 * point + 1] - y, _points[3 * point + 2] - z);
                    var square = dx * dx + dy * dy + dz * dz;
                    if (square < least || (square == least && (closest < 0 || point < closest))) (closest, least) = (point, square);
                }
            }
        return closest;
    }

    private int[] SortByCell()
    {
        var cellOf = new int[_points.Length / 3];
        for (var point = 0; point < cellOf.Length; point++)
        {
            cellOf[point] = (Index(point, 0) * _cells[1] + Index(point, 1)) * _cells[2] + Index(point, 2);
            _firstOfCell[cellOf[point] + 1]++;
        }
        for (var cell = 1; cell < _firstOfCell.Length; cell++) _firstOfCell[cell] += _firstOfCell[cell - 1];
        var (order, next) = (new int[cellOf.Length], (int[])_firstOfCell.Clone());
        for (var point = 0; point < cellOf.Length; point++) order[next[cellOf[point]]++] = point;
        return order;
    }

    private int Index(int point, int axis) => Math.Min((int)((_points[3 * point + axis] - _low[axis]) / _cell), _cells[axis] - 1);

    /// <summary>Cells along an axis that may hold points near enough; an empty range far outside.</summary>
    private (int From, int To) Neighbours(float x, int axis)
    {
        var cell = MathF.Floor((x - _low[axis]) / _cell);
        return cell < -1 || cell > _cells[axis] ? (0, -1) : (Math.Max(0, (int)cell - 1), Math.Min(_cells[axis] - 1, (int)cell + 1));
    }
}
