import AgentProtocol
import Archive
import CLinux
import Foundation
import Logging

/// What every phase of an instance's life needs.
struct InstanceContext: Sendable {
    var assignment: Assignment
    var paths: InstancePaths
    var orders: Orders
    let events: EventOutbox
    let buffer: LogBuffer
    let logger: Logger
    /// Before each line of a container that is one of several.
    var label = ""

    /// Characters of `/opt/ml/output/failure` that count.
    private static let failureLength = 1024

    /// `nil` where nothing limits what may be written.
    var volumeWatch: VolumeWatch? { assignment.limits.volume.map { VolumeWatch(paths: paths, limit: $0) } }

    /// A line of the platform's own in the container's log.
    func note(_ text: String) { buffer.append("\(label)[clary] \(text)") }

    /// The lines that tell why the container failed.
    func lastLines() -> [String] { FailureLines.select(from: buffer.lastLines(60)) }

    /// A container's end in the words of the agent protocol.
    func describe(_ exit: ContainerLife.RawExit) -> ContainerExit {
        var result = ContainerExit(
            code: nil,
            signal: nil,
            failureText: failureText(),
            lastLines: lastLines(),
            cause: .itself
        )
        switch exit {
        case .status(let code, let signal, let cause):
            (result.code, result.signal, result.cause) = (code, signal, cause)
        case .neverStarted(let code, let why):
            // What shells say: 127 of what is not there, 126 of what is there and cannot be run.
            result.code = code == ENOENT && why.isEmpty ? 127 : 126
            result.lastLines = [
                "'\(assignment.container.command.first ?? "")' cannot be run: \(why.isEmpty ? String(cString: strerror(code)) : why)."
            ]
        case .vanished(let cause):
            (result.signal, result.cause) = (Int(SIGKILL), cause)
        }
        return result
    }

    /// `nil` where the job has left no file, or something in its place that is none.
    private func failureText() -> String? {
        guard let directory = try? ContainedDirectory(paths.opt + "/output"),
            let number = try? directory.openFile("failure")
        else { return nil }
        let file = Descriptor(owning: number)
        // A character has at most four bytes.
        let bytes = [UInt8](unsafeUninitializedCapacity: 4 * Self.failureLength) { buffer, count in
            count = max(0, read(file.number, buffer.baseAddress, buffer.count))
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : String(text.prefix(Self.failureLength))
    }
}

extension InstanceFailure: Error {}

extension Orders {
    /// Whether the instance has been told to stop or to vanish.
    var isEnding: Bool { stopCause != nil || isAbandoned }

    /// Waits; false if an order to end came meanwhile.
    func pause(for duration: Duration) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                try? await Task.sleep(for: duration)
                return true
            }
            group.addTask {
                for await order in self.stream() {
                    switch order {
                    case .command(.stop), .abandoned: return false
                    case .command(.collect), .command(.release): continue
                    }
                }
                return true
            }
            let result = await group.next() ?? true
            group.cancelAll()
            return result
        }
    }
}
