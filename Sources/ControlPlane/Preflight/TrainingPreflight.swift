import AWSWire
import AgentProtocol
import Foundation
import Gateway
import Reports
import Resources
import SageMakerAPI

/// What would become of a training job: the rules of its admission, and then what its start would find.
struct TrainingPreflight: Sendable {
    let parts: Preflight.Parts
    let request: SageMaker.CreateTrainingJobRequest
    let caller: Caller

    /// Whose rights the job's data are read and written with.
    private var principal: Caller {
        parts.data.principal(actingAs: request.roleArn, scope: caller.scope)
    }

    func examine(into report: inout PreflightReport) async {
        for check in parts.training.checks(of: request, by: caller) { await report.run(check) }
        await examineImage(into: &report)
        let volumes = await examineChannels(into: &report)
        examineDestinations(into: &report)
        await examineCapacity(into: &report)
        examineDisk(volumes, into: &report)
        for notice in IneffectiveFields.notices(request) { report.add("Fields", .remark, notice) }
    }

    private func examineImage(into report: inout PreflightReport) async {
        guard !report.isBroken("Image"), let image = try? await parts.preparation.image(of: request) else {
            return
        }
        await ImagePreflight(preparation: parts.preparation).examine(image, into: &report)
        if case .xgboost(let version) = image { examineHyperparameters(version, into: &report) }
        guard case .framework = image, request.namesProgram, !report.isBroken("Script") else { return }
        await ScriptPreflight(parts: parts, request: request, principal: principal).examine(into: &report)
    }

    private func examineHyperparameters(_ version: String, into report: inout PreflightReport) {
        guard !report.isBroken("HyperParameters") else { return }
        let channels = Set((request.inputDataConfig ?? []).compactMap(\.channelName))
        if let text = parts.algorithm.objection(request.hyperParameters ?? [:], channels, version) {
            report.add("HyperParameters", .problem, text)
        } else {
            report.add("HyperParameters", .ok, "The algorithm accepts them.")
        }
    }

    // MARK: Data

    /// Bytes that the channels bring to the instances, in the order of the hosts.
    private struct Volumes {
        /// Copied to their volumes.
        var copied: [Int]
        /// Shown to them where they are.
        var shown: [Int]

        init(hosts: Int) {
            copied = Array(repeating: 0, count: hosts)
            shown = copied
        }

        mutating func add(_ more: Volumes) {
            for index in copied.indices {
                copied[index] += more.copied[index]
                shown[index] += more.shown[index]
            }
        }
    }

    /// As many hosts as a job may ask for, and no more.
    private var hosts: TrainingHosts? {
        let wanted = request.resourceConfig?.instanceGroups?.map { $0.instanceCount ?? 0 } ?? []
        let range = 1...InstanceQuota.most
        guard wanted.allSatisfy(range.contains) else { return nil }
        let count = wanted.isEmpty ? request.resourceConfig?.instanceCount ?? 1 : wanted.reduce(0, +)
        return range.contains(count) ? TrainingHosts(request.resourceConfig) : nil
    }

    /// Looks for the objects just as the job's start does.
    private func examineChannels(into report: inout PreflightReport) async -> Volumes {
        guard let hosts else { return Volumes(hosts: 0) }
        var volumes = Volumes(hosts: hosts.count)
        let folder = FileManager.default.temporaryDirectory.appending(path: "preflight-\(UUID().uuidString)")
        // A folder that stays is swept with the machine's other temporary files.
        defer { try? FileManager.default.removeItem(at: folder) }
        for channel in request.inputDataConfig ?? [] {
            let subject = AdmissionCheck.channel(channel)
            guard !report.isBroken(subject) else { continue }
            do {
                let (text, added) = try await measure(channel, for: hosts, in: folder.path)
                volumes.add(added)
                report.add(subject, .ok, text)
            } catch let error as UnusableChannel {
                report.add(subject, .problem, error.message.asSentence)
            } catch let refusal as AccessRefusal {
                report.add(subject, .problem, refusal.message)
            } catch {
                report.add(subject, .problem, "\(error)")
            }
        }
        return volumes
    }

    private func measure(
        _ channel: SageMaker.Channel,
        for hosts: TrainingHosts,
        in folder: String
    ) async throws -> (text: String, volumes: Volumes) {
        var alone = request
        alone.inputDataConfig = [channel]
        let shares = try await TrainingChannels(
            request: alone,
            principal: principal,
            data: parts.data,
            listings: ChannelListings(directory: folder),
            openDirectories: parts.openDirectories,
            instances: hosts.names.map { InstanceID($0) },
            hosts: hosts
        ).make().map(\.first)
        var volumes = Volumes(hosts: hosts.count)
        guard let first = shares.compactMap(\.self).first, case .objects(let source) = first.source else {
            return ("A directory of this machine.", volumes)
        }
        let listing = try ObjectListing(path: "\(folder)/\(source.listing)")
        let text =
            "\(listing.count) \(listing.count == 1 ? "object" : "objects"), \(Units.bytes(listing.bytes))."
        guard first.mode == .file else { return (text, volumes) }
        let bytes = shares.map { $0?.bytes ?? 0 }
        if listing.isNear { volumes.shown = bytes } else { volumes.copied = bytes }
        return (text, volumes)
    }

    private func examineDestinations(into report: inout PreflightReport) {
        let record = TrainingJobRecord(
            scope: caller.scope,
            name: request.trainingJobName ?? "",
            created: 0,
            request: request
        )
        for destination in record.destinations where !report.isBroken(destination.field) {
            guard let sample = destination.sample else { continue }
            do {
                try parts.data.checkWrite(to: sample, as: principal)
                report.add(destination.field, .ok, "The role may write \(sample).")
            } catch {
                report.add(destination.field, .problem, error.message)
            }
        }
    }

    // MARK: Room

    private func examineCapacity(into report: inout PreflightReport) async {
        guard !report.isBroken("ResourceConfig"), let hosts else { return }
        await CapacityPreflight(engine: parts.engine, placement: parts.placement).examine(
            hosts.countOfTypes,
            subject: "Capacity",
            into: &report
        )
    }

    private func examineDisk(_ volumes: Volumes, into report: inout PreflightReport) {
        let free = parts.freeDisk()
        guard free > 0 else {
            return report.add(
                "Disk",
                .problem,
                "The disk is full up to its reserve: the job would wait. `clary gc` finds what can go."
            )
        }
        let copied = volumes.copied.reduce(0, +)
        if copied > free {
            report.add(
                "Disk",
                .problem,
                "The channels have to be copied, \(Units.bytes(copied)), and \(Units.bytes(free)) are free."
            )
        }
        if let volume = request.resourceConfig?.volumeSizeInGB.map({ $0 << 30 }) {
            let most = volumes.copied.max() ?? 0
            let all = zip(volumes.copied, volumes.shown).map(+).max() ?? 0
            if most > volume {
                report.add(
                    "Disk",
                    .problem,
                    "The channels bring \(Units.bytes(most)) to an instance, and VolumeSizeInGB is \(volume >> 30)."
                )
            } else if all > volume {
                report.add(
                    "Disk",
                    .remark,
                    """
                    The channels have \(Units.bytes(all)) and VolumeSizeInGB is \(volume >> 30): enough here, where \
                    stored objects are shown without a copy, and not on AWS.
                    """
                )
            }
        }
        guard !report.checks.contains(where: { $0.subject == "Disk" }) else { return }
        report.add("Disk", .ok, "\(Units.bytes(free)) are free.")
    }
}
