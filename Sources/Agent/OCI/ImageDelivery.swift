import AgentProtocol
import ContainerEngine
import Foundation
import Images

/// Brings an image: one that is here is taken as it is, another is pulled, and the job hears how far it is.
struct ImageDelivery {
    let engine: ContainerEngine
    let instance: InstanceContext

    /// Pauses between two words about a pull.
    private static let interval = Duration.seconds(2)

    /// - Throws: `InstanceFailure` if there is no such image anywhere.
    func bring(_ wanted: OCIImage) async throws -> LocalImage {
        let reference = ImageReference(wanted.reference)
        if let image = try await engine.image(reference) {
            tell(reference, image)
            return image
        }
        let address = reference.isOfECR ? wanted.registry : nil
        let place = address.map(reference.moved) ?? reference
        try await pull(place, isEncrypted: address?.hasPrefix("http://") != true)
        guard let image = try await engine.image(place) else {
            throw InstanceFailure(
                blame: .platform,
                message: "The engine has pulled '\(reference.description)' and does not have it."
            )
        }
        tell(reference, image)
        return image
    }

    private func tell(_ reference: ImageReference, _ image: LocalImage) {
        let digest = image.digests.first ?? image.id
        instance.note("Image \(reference.description): \(digest)")
        instance.events.tell(.image(reference: reference.description, digest: digest))
    }

    private func pull(_ reference: ImageReference, isEncrypted: Bool) async throws {
        instance.note("Pulling the image \(reference.complete).")
        let begin = ContinuousClock.now
        var next = begin
        do {
            try await engine.pull(reference.complete, isEncrypted: isEncrypted) { progress in
                guard ContinuousClock.now >= next else { return }
                next = .now + Self.interval
                instance.events.tell(
                    .pulling(
                        reference: reference.description,
                        bytes: progress.bytes,
                        totalBytes: progress.totalBytes
                    )
                )
            }
        } catch {
            var advice = "Build it or pull it with the engine's own tools, or check its name."
            if reference.isOfECR {
                advice =
                    "No image '\(reference.complete)' or '\(reference.name)' is here, and Amazon's registry was asked. "
                    + "Build it here under one of these names."
            }
            throw InstanceFailure(blame: .client, message: "\(error) \(advice)")
        }
        let seconds = begin.duration(to: .now).components.seconds
        instance.note("Pulled in \(seconds) s.")
    }
}
