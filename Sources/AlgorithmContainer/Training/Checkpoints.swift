/// Models kept during training so that an interrupted job can go on: `xgboost-checkpoint.<round>`.
struct Checkpoints {
    let folder: String
    private static let stem = "xgboost-checkpoint"
    private static let kept = 5
    /// Rounds on disk, oldest first.
    private var rounds: [Int]

    init(folder: String) throws(FileError) {
        self.folder = folder
        try Files.makeFolder(folder)
        rounds = try Files.entries(of: folder).compactMap { entry in
            guard !entry.isFolder, entry.name.hasPrefix("\(Self.stem).") else { return nil }
            return Int(entry.name.dropFirst(Self.stem.count + 1))
        }.sorted()
    }

    /// The newest model and its round.
    func newest() throws(FileError) -> (round: Int, model: [UInt8])? {
        guard let round = rounds.last else { return nil }
        return (round, try FileSource.contents(of: path(round)))
    }

    /// Writes a model and removes the ones that are too old.
    mutating func save(round: Int, model: [UInt8]) throws(FileError) {
        try Files.write(model, to: path(round))
        rounds.append(round)
        while rounds.count > Self.kept { Files.remove(path(rounds.removeFirst())) }
    }

    private func path(_ round: Int) -> String { "\(folder)/\(Self.stem).\(round)" }
}
