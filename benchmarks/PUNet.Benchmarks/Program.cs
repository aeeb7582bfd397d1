// dotnet run -c Release --project benchmarks/PUNet.Benchmarks -- --filter '*'
// dotnet run -c Release --project benchmarks/PUNet.Benchmarks -- waiting
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

if (args is ["waiting"])
{
    PUNet.Benchmarks.DataWaiting.Run();
    return;
}

// In process: a generated project would not know where the native libraries lie.
var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
