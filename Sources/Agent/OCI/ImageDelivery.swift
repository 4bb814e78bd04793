import AgentProtocol
import ContainerEngine
import Foundation
import Images
import Resources
import Synchronization

/// Brings an image: one that is here is taken as it is, another is pulled, and the job hears how far it is.
struct ImageDelivery {
    let engine: ContainerEngine
    let instance: InstanceContext

    /// Pauses between two words about a pull.
    private static let interval = Duration.seconds(2)

    /// - Throws: `InstanceFailure` if there is no such image anywhere.
    func bring(_ wanted: OCIImage) async throws -> LocalImage {
        let reference = ImageReference(wanted.reference)
        let address = reference.isOfECR ? wanted.registry : nil
        let place = address.map(reference.moved) ?? reference
        let found = try await engine.image(reference)
        // What was built here is taken as it is; of what was pushed, a tag may mean something newer by now.
        let isCopy = address != nil && place.registry.map { found?.isCopy(of: $0) == true } == true
        if let found, !isCopy {
            tell(reference, found)
            return found
        }
        do {
            try await pull(place, isEncrypted: address?.hasPrefix("http://") != true)
        } catch let failure as InstanceFailure where found != nil && failure.blame == .platform {
            instance.note(
                "The image that is here is taken: the registry could not be asked. \(failure.message)"
            )
        }
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
        let login = try await login(for: reference)
        do {
            try await engine.pull(
                reference.complete,
                isEncrypted: isEncrypted,
                login: login,
                report: progressReport(of: reference)
            )
        } catch ContainerEngineError.cancelled {
            throw CancellationError()
        } catch {
            throw Self.failure(error, of: reference, isLoggedIn: login != nil)
        }
        let seconds = begin.duration(to: .now).components.seconds
        instance.note("Pulled in \(seconds) s.")
    }

    /// What the machine's owner has for the image's registry.
    ///
    /// - Throws: `CancellationError`.
    private func login(for reference: ImageReference) async throws -> RegistryLogin? {
        do {
            let environment = ProcessInfo.processInfo.environment
            let login = try await RegistryLogins(environment: environment).login(for: reference) {
                name,
                server in
                try await InstanceRun.onThread {
                    try CredentialHelper(name: name, environment: environment).login(for: server)
                }
            }
            if let login { instance.note("The registry is asked as \(login.who), by \(login.source).") }
            return login
        } catch {
            try Task.checkCancellation()
            // The registry may want none.
            instance.note("The registry is asked without a login. \("\(error)".asSentence)")
            return nil
        }
    }

    private func progressReport(of reference: ImageReference) -> @Sendable (PullProgress) -> Void {
        let next = Mutex(ContinuousClock.now)
        return { [instance] progress in
            let isDue = next.withLock { next in
                guard ContinuousClock.now >= next else { return false }
                next = .now + Self.interval
                return true
            }
            guard isDue else { return }
            instance.events.tell(
                .pulling(
                    reference: reference.description,
                    bytes: progress.bytes,
                    totalBytes: progress.totalBytes
                )
            )
        }
    }

    private static func failure(
        _ error: ContainerEngineError,
        of reference: ImageReference,
        isLoggedIn: Bool
    ) -> InstanceFailure {
        let registry = reference.registry ?? "docker.io"
        let (blame, advice): (InstanceFailure.Blame, String) =
            switch (error, error.pullFault) {
            case (.refused, _) where reference.isOfECR:
                (
                    .client,
                    """
                    No image '\(reference.complete)' or '\(reference.name)' is here, and Amazon's registry was asked. \
                    Build it here under one of these names.
                    """
                )
            case (_, .unknownImage):
                (.client, "Build it or pull it with the engine's own tools, or check its name.")
            case (_, .notAllowed) where isLoggedIn:
                (
                    .client,
                    "The login that this machine has for \(registry) does not open it, or the name is wrong."
                )
            case (_, .notAllowed):
                (
                    .client,
                    """
                    Log in on the machine that runs Clary, as the user that it runs as (`podman login \(registry)` or \
                    `docker login \(registry)`), or check the image's name.
                    """
                )
            case (_, .machinery):
                (
                    .platform,
                    """
                    The registry \(registry), the way to it or the engine itself is at fault: try the pull with the \
                    engine's own tools (`podman pull \(reference.complete)` or `docker pull \(reference.complete)`).
                    """
                )
            }
        return InstanceFailure(blame: blame, message: "\("\(error)".asSentence) \(advice)")
    }
}
