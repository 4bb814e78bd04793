import AgentProtocol
import Foundation
import Gateway
import Resources

/// Finds the objects of a channel and writes them into its listing.
struct ChannelObjects {
    let data: DataCatalogue
    /// Whose rights the data are read with.
    let principal: Caller

    /// What was written.
    struct Written {
        /// First line of `<channel>-manifest`.
        var prefix: String?
        var items: Int
        var bytes: Int
    }

    /// Everything below a prefix: paths are keys without the prefix's directory part (contract, section 2.4).
    func listPrefix(_ location: S3Location, in path: String, as mode: Channel.Mode) async throws -> Written {
        var writer = try ObjectListingWriter(path: path)
        for entry in try await data.entries(under: location, as: principal) {
            let place = TrainingAssignment.relativePath(of: entry.key, below: location.key)
            if entry.key.hasSuffix("/") {
                // Consoles make folders of them; in a pipe they have no place.
                guard mode != .pipe, place.count > 1, TrainingAssignment.isSafe(String(place.dropLast()))
                else {
                    continue
                }
            } else {
                try check(place, of: entry.key, mode)
            }
            try writer.append(.object(object(entry, in: location.bucket, at: place)))
        }
        try writer.finish()
        return Written(prefix: location.key, items: writer.count, bytes: writer.bytes)
    }

    /// The objects that a manifest names, in its order.
    func listManifest(at location: S3Location, in path: String, as mode: Channel.Mode) async throws -> Written
    {
        let manifest = try await content(of: location)
        guard let elements = try? JSONSerialization.jsonObject(with: manifest) as? [Any],
            let prefix = (elements.first as? [String: Any])?["prefix"] as? String,
            prefix.hasPrefix("s3://"), let base = S3Location(uri: prefix)
        else {
            throw UnusableChannel(
                message: """
                    \(location) is no manifest. Write [{"prefix": "s3://bucket/folder/"}, "name", …]
                    """
            )
        }
        var writer = try ObjectListingWriter(path: path)
        var seen: Set<String> = []
        for (number, element) in elements.dropFirst().enumerated() {
            guard let suffix = element as? String else {
                throw UnusableChannel(message: "entry \(number + 1) of the manifest \(location) is no text")
            }
            let place = S3Location(bucket: base.bucket, key: base.key + suffix)
            let entry = try await existing(place, "entry \(number + 1) of the manifest \(location)")
            try check(suffix, of: place.key, mode)
            if mode != .pipe, !seen.insert(suffix).inserted { continue }
            try writer.append(.object(object(entry, in: place.bucket, at: suffix)))
        }
        try writer.finish()
        return Written(prefix: base.key, items: writer.count, bytes: writer.bytes)
    }

    /// The attributes of the lines of an augmented manifest, line by line.
    func listAugmented(at location: S3Location, attributes: [String], in path: String) async throws -> Written
    {
        let manifest = try await content(of: location)
        var writer = try ObjectListingWriter(path: path)
        var number = 0
        var start = manifest.startIndex
        while start < manifest.endIndex {
            let end = manifest[start...].firstIndex(of: UInt8(ascii: "\n")) ?? manifest.endIndex
            let line = manifest[start..<end]
            start = end < manifest.endIndex ? end + 1 : end
            number += 1
            guard line.contains(where: { !JSONMembers.isSpace($0) }) else { continue }
            let place = "line \(number) of the augmented manifest \(location)"
            guard let members = JSONMembers(of: line) else {
                throw UnusableChannel(message: "\(place) is no JSON object")
            }
            for attribute in attributes {
                guard let value = members[attribute] else {
                    throw UnusableChannel(message: "\(place) has no attribute '\(attribute)'")
                }
                try writer.append(await item(value, attribute, place))
            }
        }
        try writer.finish()
        return Written(prefix: nil, items: writer.count, bytes: writer.bytes)
    }

    /// A reference becomes its object, everything else stands for itself.
    private func item(_ value: Data, _ attribute: String, _ place: String) async throws -> ObjectListing.Item
    {
        let text =
            value.first == UInt8(ascii: "\"")
            ? try? JSONSerialization.jsonObject(with: value, options: .fragmentsAllowed) as? String : nil
        guard attribute.hasSuffix("-ref") else {
            return .literal(text.map { Array($0.utf8) } ?? Array(value))
        }
        guard let text, let location = S3Location(uri: text) else {
            throw UnusableChannel(message: "\(place): '\(attribute)' is no S3 address")
        }
        let entry = try await existing(location, "\(place): '\(attribute)'")
        return .object(object(entry, in: location.bucket, at: String(location.key.drop { $0 == "/" })))
    }

    // MARK: -

    private func object(_ entry: DataCatalogue.Entry, in bucket: String, at path: String) -> DataObject {
        DataObject(
            location: S3Location(bucket: bucket, key: entry.key),
            relativePath: path,
            size: entry.size,
            nearPath: entry.file,
            eTag: entry.eTag
        )
    }

    private func existing(_ location: S3Location, _ source: String) async throws -> DataCatalogue.Entry {
        guard let entry = try await data.entry(at: location, as: principal) else {
            throw UnusableChannel(message: "\(source) names \(location), which does not exist")
        }
        return entry
    }

    private func content(of location: S3Location) async throws -> Data {
        let entry = try await existing(location, "the channel")
        return try await data.content(of: entry, at: location)
    }

    private func check(_ path: String, of key: String, _ mode: Channel.Mode) throws(UnusableChannel) {
        guard mode == .pipe || TrainingAssignment.isSafe(path) else {
            throw UnusableChannel(message: "the object key '\(key)' cannot be a file name below the channel")
        }
    }
}
