using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace PUNet.Core.Common.Native;

/// <summary>
/// The processor as numerical libraries tell it apart: on x86 from the instruction CPUID; elsewhere, and where .NET is told to use no
/// instructions of its own, from the operating system.
/// </summary>
internal static class ProcessorIdentity
{
    private const int AmdCaches = unchecked((int)0x8000001D);
    private const int ExtendedLeaves = unchecked((int)0x80000000);
    private const int EnabledState = 0xD;

    private enum Register { Eax, Ebx, Ecx, Edx }

    /// <summary>Instruction sets that kernels are written for, and where CPUID tells of them.</summary>
    private static readonly (string Name, int Leaf, int Part, Register Register, int Bit)[] _sets =
    [
        ("AVX", 1, 0, Register.Ecx, 28), ("FMA", 1, 0, Register.Ecx, 12), ("F16C", 1, 0, Register.Ecx, 29), ("AVX2", 7, 0, Register.Ebx, 5),
        ("AVX512F", 7, 0, Register.Ebx, 16), ("AVX512CD", 7, 0, Register.Ebx, 28), ("AVX512BW", 7, 0, Register.Ebx, 30),
        ("AVX512DQ", 7, 0, Register.Ebx, 17), ("AVX512VL", 7, 0, Register.Ebx, 31), ("VNNI", 7, 0, Register.Ecx, 11), ("BF16", 7, 1, Register.Eax, 5),
        ("FP16", 7, 0, Register.Edx, 23), ("AVX-VNNI", 7, 1, Register.Eax, 4), ("AVX-NE-CONVERT", 7, 1, Register.Edx, 5),
        ("AVX10", 7, 1, Register.Edx, 19), ("AMX-TILE", 7, 0, Register.Edx, 24), ("AMX-BF16", 7, 0, Register.Edx, 22),
        ("AMX-FP16", 7, 1, Register.Eax, 21), ("AMX-INT8", 7, 0, Register.Edx, 25),
    ];

    /// <summary>Sets that occur together, under the name that people know.</summary>
    private static readonly (string Name, string[] Sets)[] _levels =
    [
        ("AVX-512", ["AVX512F", "AVX512CD", "AVX512BW", "AVX512DQ", "AVX512VL"]), ("AVX2", ["AVX", "FMA", "F16C", "AVX2"]),
    ];

    /// <summary>Vendor, family and model; libraries choose by the vendor, too.</summary>
    public static string Model()
    {
        if (!X86Base.IsSupported)
            return $"{RuntimeInformation.ProcessArchitecture} {SystemSays("vendor_id", "cpu family", "model", "CPU implementer", "CPU part")}".Trim();
        var version = Read(1, 0)[Register.Eax];
        var (family, model) = (version >> 8 & 0xF, version >> 4 & 0xF);
        if (family is 6 or 15) model += version >> 12 & 0xF0;
        if (family == 15) family += version >> 20 & 0xFF;
        return $"{Vendor()} {family}/{model}";
    }

    /// <summary>For example "AVX2 AVX-512 VNNI BF16, state 2696": the sets, and the bytes of registers that the system saves for a program.</summary>
    public static string Instructions()
    {
        if (!X86Base.IsSupported) return SystemSays("flags", "Features");
        var names = _sets.Where(set => (Read(set.Leaf, set.Part)[set.Register] >> set.Bit & 1) == 1).Select(set => set.Name).ToList();
        foreach (var (level, sets) in _levels)
            if (sets.All(names.Contains))
            {
                names.RemoveAll(sets.Contains);
                names.Insert(0, level);
            }
        return $"{string.Join(' ', names)}, state {Read(EnabledState, 0)[Register.Ebx]}".TrimStart(' ', ',');
    }

    /// <summary>
    /// Sizes of the data caches, from the first level on, and how many processors share each: sums are cut into blocks of these sizes.
    /// Empty on a processor with several kinds of cores, whose model alone decides them.
    /// </summary>
    public static string Caches()
    {
        if (!X86Base.IsSupported || (Read(7, 0)[Register.Edx] >> 15 & 1) == 1) return "";
        var leaf = Vendor() is "AuthenticAMD" or "HygonGenuine" ? AmdCaches : 4;
        var texts = new List<string>();
        for (var i = 0; i < 16 && Read(leaf, i) is var cache && (cache[Register.Eax] & 0x1F) is not 0 and var kind; i++)
        {
            if (kind == 2) continue; // instructions
            var (shape, sets) = (cache[Register.Ebx], cache[Register.Ecx] + 1L);
            var size = ((shape & 0xFFF) + 1) * ((shape >> 12 & 0x3FF) + 1) * ((shape >> 22 & 0x3FF) + 1) * sets;
            texts.Add($"{size >> 10}K/{(cache[Register.Eax] >> 14 & 0xFFF) + 1}");
        }
        return string.Join(' ', texts);
    }

    private static string Vendor()
    {
        var words = Read(0, 0);
        Register[] order = [Register.Ebx, Register.Edx, Register.Ecx];
        return Encoding.ASCII.GetString([.. order.SelectMany(register => BitConverter.GetBytes(words[register]))]);
    }

    /// <summary>The four registers; zeros for a leaf that this processor does not have.</summary>
    private static Leaf Read(int leaf, int part)
    {
        var highest = X86Base.CpuId(leaf & ExtendedLeaves, 0).Eax;
        if ((uint)leaf > (uint)highest) return default;
        var (eax, ebx, ecx, edx) = X86Base.CpuId(leaf, part);
        return new(eax, ebx, ecx, edx);
    }

    /// <summary>Values of the first processor in Linux's list; Windows has one text for them.</summary>
    private static string SystemSays(params string[] names)
    {
        const string List = "/proc/cpuinfo";
        if (!File.Exists(List)) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "";
        var lines = File.ReadLines(List).TakeWhile(line => line.Length > 0)
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).ToList();
        return string.Join(' ', names.Select(name => lines.FirstOrDefault(line => line.Length == 2 && line[0] == name)?[1] ?? "")).Trim();
    }

    private readonly record struct Leaf(int Eax, int Ebx, int Ecx, int Edx)
    {
        public int this[Register register] => register switch { Register.Eax => Eax, Register.Ebx => Ebx, Register.Ecx => Ecx, _ => Edx };
    }
}
