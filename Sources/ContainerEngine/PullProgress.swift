package import Foundation

/// How far a pull is: bytes of the layers that have begun.
package struct PullProgress: Sendable, Equatable {
    private var layers: [String: Layer] = [:]
    /// The last message about each layer, and about none.
    private var said: [String: Message] = [:]
    /// Words of the engine's where it counts no bytes.
    package private(set) var status = ""
    /// Why it failed.
    package private(set) var failure: String?

    package init() {}

    package var bytes: Int { layers.values.reduce(0) { $0 + $1.current } }
    package var totalBytes: Int { layers.values.reduce(0) { $0 + $1.total } }

    /// Whether every layer that is known has come.
    package var isUnpacking: Bool { totalBytes > 0 && bytes >= totalBytes }

    /// Takes one line of the engine's stream; a line that is no JSON changes nothing.
    ///
    /// - Returns: Whether it says more than the line before about the same layer did: an engine may repeat itself while
    ///   nothing comes.
    @discardableResult
    package mutating func take(_ line: Data) -> Bool {
        guard let message = try? JSONDecoder().decode(Message.self, from: line) else { return false }
        let isNews = said.updateValue(message, forKey: message.id ?? "") != message
        if let error = message.error { failure = error }
        if let status = message.status { self.status = status }
        guard let id = message.id else { return isNews }
        switch message.status {
        case "Downloading":
            if let total = message.progressDetail?.total, total > 0 {
                layers[id] = Layer(current: message.progressDetail?.current ?? 0, total: total)
            }
        case "Download complete", "Pull complete":
            if let total = layers[id]?.total { layers[id] = Layer(current: total, total: total) }
        default: break
        }
        return isNews
    }

    private struct Layer: Equatable {
        var current: Int
        var total: Int
    }

    private struct Message: Decodable, Equatable {
        var status: String?
        var id: String?
        var error: String?
        /// Podman's own dialect has its words here.
        var stream: String?
        var progressDetail: Detail?

        struct Detail: Decodable, Equatable {
            var current: Int?
            var total: Int?
        }
    }
}
