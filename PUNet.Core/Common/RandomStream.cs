using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using TorchSharp;

namespace PUNet.Core.Common;

/// <summary>
/// A named stream of random numbers (xoshiro256** of Blackman and Vigna, seeded by SHA-256 of seed and name).
/// Streams of different names are independent, so adding a draw to one never shifts another. Not thread-safe.
/// </summary>
public sealed class RandomStream
{
    private readonly ulong[] _state = new ulong[4];
    private readonly string _name;
    private readonly long _seed;

    /// <param name="seed">The experiment's seed.</param>
    /// <param name="name">What the numbers are for, for example <c>views/17</c>.</param>
    public RandomStream(long seed, string name)
    {
        (_seed, _name) = (seed, name);
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{name}"));
        for (var i = 0; i < 4; i++) _state[i] = BinaryPrimitives.ReadUInt64LittleEndian(digest.AsSpan(8 * i));
    }

    /// <summary>An independent stream below this one; does not depend on what was drawn here so far.</summary>
    public RandomStream Child(string name) => new(_seed, $"{_name}/{name}");

    /// <summary>The generator's state, four words; assign to go on from a checkpoint.</summary>
    public ulong[] State
    {
        get => (ulong[])_state.Clone();
        set
        {
            if (value.Length != 4) throw new ArgumentException($"A state has 4 words, not {value.Length}.", nameof(value));
            value.CopyTo(_state, 0);
        }
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var s = _state;
        var result = BitOperations.RotateLeft(s[1] * 5, 7) * 9;
        var t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = BitOperations.RotateLeft(s[3], 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>True with probability p.</summary>
    public bool Chance(double p) => NextDouble() < p;

    /// <summary>Uniform integer in [low, high), without modulo bias.</summary>
    public int Integer(int low, int high)
    {
        if (high <= low) throw new ArgumentException($"An integer in [{low}, {high}) does not exist.");
        return low + (int)Math.BigMul(NextBits(), (ulong)((long)high - low), out _);
    }

    /// <summary>Standard normal (Box–Muller, cosine branch).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>A uniform permutation of 0…n−1 (Fisher–Yates).</summary>
    public int[] Permutation(int n)
    {
        var order = new int[n];
        for (var i = 0; i < n; i++) order[i] = i;
        for (var i = n - 1; i > 0; i--)
        {
            var j = Integer(0, i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    /// <summary>A torch generator on the CPU, seeded by the next draw.</summary>
    public torch.Generator TorchGenerator() => new(NextBits() >> 1, torch.CPU);
}
