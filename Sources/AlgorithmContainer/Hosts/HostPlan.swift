/// Which hosts of a job train, decided from what each of them has.
package struct HostPlan: Equatable, Sendable {
    /// What a host has in its channels.
    package struct Holding: Codable, Equatable, Sendable {
        package var hasTrain: Bool
        /// Whether a validation channel was declared that has no file here.
        package var lacksValidation: Bool

        package init(hasTrain: Bool, lacksValidation: Bool) {
            self.hasTrain = hasTrain
            self.lacksValidation = lacksValidation
        }

        var canTrain: Bool { hasTrain && !lacksValidation }
    }

    /// Those who train, in the order of the job's hosts; the first one speaks for all and saves the model.
    package let members: [String]

    /// - Parameters:
    ///   - holdings: By host.
    ///   - hosts: In the job's order.
    package init(_ holdings: [String: Holding], hosts: [String]) {
        members = hosts.filter { holdings[$0]?.canTrain == true }
    }

    /// A host's rank; nil if it does not train.
    package func place(of host: String) -> Int? { members.firstIndex(of: host) }
}

/// The extent of a channel on one host or, merged, of all of them.
package struct ChannelShape: Codable, Equatable, Sendable {
    package var columnCount: Int
    /// Whether rows may leave columns out, so that hosts may have seen different widths.
    package var isSparse: Bool
    /// Smallest feature index that occurs, where the format counts from 0 or 1.
    package var smallestIndex: Int?

    package init(columnCount: Int, isSparse: Bool, smallestIndex: Int?) {
        self.columnCount = columnCount
        self.isSparse = isSparse
        self.smallestIndex = smallestIndex
    }

    /// What holds for all rows of the channel.
    ///
    /// - Parameters:
    ///   - shapes: By host; a host without the channel is not among them.
    ///   - channel: Its name.
    /// - Returns: The widest extent, and the smallest index.
    /// - Throws: `TrainingFault` if tables have different widths.
    package static func merged(
        _ shapes: [String: ChannelShape],
        channel: String
    ) throws(TrainingFault) -> ChannelShape {
        let hosts = shapes.keys.sorted()
        guard let first = hosts.first, var merged = shapes[first] else {
            return ChannelShape(columnCount: 0, isSparse: true, smallestIndex: nil)
        }
        for host in hosts.dropFirst() {
            guard let shape = shapes[host] else { continue }
            if !merged.isSparse || !shape.isSparse, shape.columnCount != merged.columnCount {
                throw .customer(
                    "The \(channel) channel has \(merged.columnCount) feature columns on \(first) and "
                        + "\(shape.columnCount) on \(host)."
                )
            }
            merged.columnCount = max(merged.columnCount, shape.columnCount)
            merged.smallestIndex = [merged.smallestIndex, shape.smallestIndex].compactMap(\.self).min()
        }
        return merged
    }
}
