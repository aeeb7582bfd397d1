// First line of every experiment script: #load "punet.fsx".
// `punet run` brings the libraries itself; `dotnet fsi` and editors take them from the last build (`./punet info` makes one).
#if !PUNET
#r "../PUNet.Cli/bin/Release/net10.0/PUNet.Core.dll"
#r "../PUNet.Cli/bin/Release/net10.0/PUNet.Dsl.dll"
#endif
