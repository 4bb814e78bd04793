/// The files of a store: which volume has which.
///
/// A file's number tells its run, and a run is of one volume; so a file is found wherever its bucket belongs today.
struct StoreFiles: Sendable {
    /// The first is the store's own directory.
    let volumes: [Volume]
    /// Positions in `volumes`, by runs; those of the store's own directory are left out.
    private let runs: [Int: Int]
    /// Runs of volumes that are not there, and need not be.
    private let absentRuns: Set<Int>
    private let assignments: [BucketDirectory]
    /// Positions in `volumes`, in the order of `assignments`.
    private let targets: [Int]

    /// - Parameters:
    ///   - volumes: At least the store's own directory.
    ///   - runs: Positions of the others, by their runs; `nil` for those that are not there.
    ///   - assignments: Which buckets' new files go to which of them: the first that fits counts.
    init(volumes: [Volume], runs: [Int: Int?], assignments: [(directory: BucketDirectory, volume: Int)]) {
        self.volumes = volumes
        self.runs = runs.compactMapValues(\.self)
        absentRuns = Set(runs.filter { $0.value == nil }.keys)
        self.assignments = assignments.map(\.directory)
        targets = assignments.map(\.volume)
    }

    /// Where new files of a bucket go.
    func volume(for bucket: String) -> Volume {
        // Most stores have no assignments.
        for (position, assignment) in assignments.enumerated() where assignment.isFor(bucket) {
            return volumes[targets[position]]
        }
        return volumes[0]
    }

    /// Where a file is.
    func volume(of file: FileID) -> Volume { volumes[runs[file.run] ?? 0] }

    /// `nil` if it is not there.
    func volume(ofRun run: Int) -> Volume? {
        absentRuns.contains(run) ? nil : volumes[runs[run] ?? 0]
    }

    /// The runs of volumes, by the volumes' directories.
    func runs(of directories: [String]) -> [Int] {
        guard !directories.isEmpty else { return [] }
        let positions = volumes.indices.filter { directories.contains(volumes[$0].root) }
        return runs.filter { positions.contains($0.value) }.map(\.key).sorted()
    }

    func incomingPath(_ file: FileID) -> String { volume(of: file).incomingPath(file) }
    func path(_ file: FileID) -> String { volume(of: file).path(file) }

    /// Removes a complete file; one that is gone already is fine.
    ///
    /// Blocks.
    func remove(_ file: FileID) throws(ObjectStoreError) { try volume(of: file).remove(file) }

    /// Removes a file from `incoming`; one that is gone already is fine.
    ///
    /// Blocks.
    func removeIncoming(_ file: FileID) throws(ObjectStoreError) { try volume(of: file).removeIncoming(file) }
}
