namespace PUNet.Core.Data.Prepared;

/// <summary>The <c>subjects.json</c> of a prepared dataset: what concerns it as a whole, and no computation on its subjects reads.</summary>
/// <param name="Subjects">Where the prepared subjects come from, in the order of the dataset.</param>
/// <param name="LeftOut">What was not prepared.</param>
internal sealed record SubjectsFile(IReadOnlyList<SubjectOrigin> Subjects, IReadOnlyList<LeftOutSubject> LeftOut)
{
    /// <summary>Writes it to a folder.</summary>
    public void Write(string folder) => PreparedJson.Write(Path.Combine(folder, PreparedFiles.Subjects), this);

    /// <summary>Reads it from a folder.</summary>
    /// <exception cref="DatasetException">It is missing or not what preparation writes.</exception>
    public static SubjectsFile Read(string folder) => PreparedJson.Read<SubjectsFile>(folder, PreparedFiles.Subjects);
}
