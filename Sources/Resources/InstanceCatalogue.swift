/// What an `ml.*` instance type is: the size of the machine that it stands for.
package struct InstanceType: Hashable, Sendable {
    /// Such as `ml.m5.xlarge`.
    package let name: String
    /// `standard`, `compute-optimized`, `memory-optimized`, `storage-optimized`, `accelerated` or
    /// `inference`.
    package let family: String
    package let vCPUs: Int
    /// In GiB (2³⁰ bytes).
    package let memoryGiB: Double
    package let gpus: Int
    /// Such as `NVIDIA T4`; `nil` without a GPU.
    package let gpuModel: String?
    /// Of all its GPUs together, in GiB; `nil` without a GPU or where it is not published.
    package let gpuMemoryGiB: Double?
    /// What the cloud offers the type for.
    package let uses: Set<Use>

    package init(
        name: String,
        family: String,
        vCPUs: Int,
        memoryGiB: Double,
        gpus: Int = 0,
        gpuModel: String? = nil,
        gpuMemoryGiB: Double? = nil,
        uses: Set<Use>
    ) {
        self.name = name
        self.family = family
        self.vCPUs = vCPUs
        self.memoryGiB = memoryGiB
        self.gpus = gpus
        self.gpuModel = gpuModel
        self.gpuMemoryGiB = gpuMemoryGiB
        self.uses = uses
    }

    /// What an instance can be started for.
    package enum Use: String, Hashable, Sendable, CaseIterable {
        case notebook
        case training
        case processing
        case hosting
        case transform
        case studio
        case cluster
    }
}

/// The instance types that exist; their facts are public and come from `Catalogue/instances.csv`.
package enum InstanceCatalogue {
    /// Every type, in the order of the table.
    package static let types: [InstanceType] = table.split(separator: "\n").compactMap(
        InstanceType.init(row:)
    )

    private static let byName = Dictionary(types.map { ($0.name, $0) }) { first, _ in first }

    /// The type of that name; `nil` if there is none.
    package static func type(named name: String) -> InstanceType? { byName[name] }

    /// What to say to somebody whose type there is not.
    ///
    /// - Parameters:
    ///   - name: What was asked for.
    ///   - operation: The one that was called, as the AWS CLI spells it.
    /// - Returns: A sentence or two: what was probably meant, and where all are listed.
    package static func advice(for name: String, in operation: String) -> String {
        let near = NearestNames.to(name, among: types.map(\.name), atMost: 3)
        let list = near.isEmpty ? "" : "Near it are \(near.joined(separator: ", ")). "
        return list + "`aws sagemaker \(operation) help` lists all."
    }
}

extension InstanceType {
    /// Reads one line of the generated table; `nil` if it is not one.
    fileprivate init?(row: Substring) {
        let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 8, let vCPUs = Int(fields[2]), let memoryGiB = Double(fields[3]),
            let gpus = Int(fields[4])
        else { return nil }
        self.init(
            name: fields[0],
            family: fields[1],
            vCPUs: vCPUs,
            memoryGiB: memoryGiB,
            gpus: gpus,
            gpuModel: fields[5].isEmpty ? nil : fields[5],
            gpuMemoryGiB: Double(fields[6]),
            uses: Set(fields[7].split(separator: "|").compactMap { Use(rawValue: String($0)) })
        )
    }
}
