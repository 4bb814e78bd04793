import AWSWire
import AgentProtocol
import Foundation
import Gateway
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
        for check in parts.training.checks(of: request, by: caller) {
            await report.run(check.subject, check.run)
        }
        await examineImage(into: &report)
        await examineHyperparameters(into: &report)
        let volumes = await examineChannels(into: &report)
        examineDestinations(into: &report)
        await examineCapacity(into: &report)
        examineDisk(volumes, into: &report)
        for notice in IneffectiveFields.notices(request) { report.add("Fields", .remark, notice) }
    }

    private func examineImage(into report: inout PreflightReport) async {
        guard !report.isBroken("Image"), let uri = request.algorithmSpecification?.trainingImage else {
            return
        }
        let runsScript = request.namesProgram || request.algorithmSpecification?.containerEntrypoint != nil
        if case .oci? = try? await parts.training.image(of: request) {
            return report.add("Image", .ok, "A container engine runs it.")
        }
        await Preflight(parts).remark(onImage: uri, runsScript: runsScript, &report)
        guard request.namesProgram, !report.isBroken("Script") else { return }
        await ScriptPreflight(data: parts.data, request: request, principal: principal).examine(into: &report)
    }

    private func examineHyperparameters(into report: inout PreflightReport) async {
        guard request.algorithmSpecification?.containerEntrypoint == nil,
            case .xgboost(let version)? = try? await parts.training.image(of: request)
        else { return }
        let channels = Set((request.inputDataConfig ?? []).compactMap(\.channelName))
        if let text = parts.algorithm.objection(request.hyperParameters ?? [:], channels, version) {
            report.add("HyperParameters", .problem, text)
        } else {
            report.add("HyperParameters", .ok, "The algorithm accepts them.")
        }
    }

    // MARK: Data

    /// Bytes that the channels bring to each instance.
    private struct Volumes {
        /// Copied to its volume.
        var copied = 0
        /// Shown to it where they are.
        var shown = 0
    }

    /// Looks for the objects just as the job's start does.
    private func examineChannels(into report: inout PreflightReport) async -> Volumes {
        var volumes = Volumes()
        let folder = FileManager.default.temporaryDirectory.appending(path: "preflight-\(UUID().uuidString)")
        // A folder that stays is swept with the machine's other temporary files.
        defer { try? FileManager.default.removeItem(at: folder) }
        for channel in request.inputDataConfig ?? [] {
            let subject = AdmissionCheck.channel(channel)
            guard !report.isBroken(subject) else { continue }
            do {
                let (text, added) = try await measure(channel, in: folder.path)
                volumes.copied += added.copied
                volumes.shown += added.shown
                report.add(subject, .ok, text)
            } catch let error as UnusableChannel {
                report.add(subject, .problem, error.message + ".")
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
        in folder: String
    ) async throws -> (text: String, volumes: Volumes) {
        var alone = request
        alone.inputDataConfig = [channel]
        let hosts = TrainingHosts(request.resourceConfig)
        let shares = try await TrainingChannels(
            request: alone,
            principal: principal,
            data: parts.data,
            listings: ChannelListings(directory: folder),
            openDirectories: parts.openDirectories,
            instances: hosts.names.map { InstanceID($0) },
            hosts: hosts
        ).make().compactMap(\.first)
        guard let first = shares.first, case .objects(let source) = first.source else {
            return ("A directory of this machine.", Volumes())
        }
        let listing = try ObjectListing(path: "\(folder)/\(source.listing)")
        let text =
            "\(listing.count) \(listing.count == 1 ? "object" : "objects"), \(Self.size(listing.bytes))."
        guard first.mode == .file else { return (text, Volumes()) }
        let share = shares.map(\.bytes).max() ?? 0
        return (text, listing.isNear ? Volumes(shown: share) : Volumes(copied: share))
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
        guard !report.isBroken("ResourceConfig"), request.resourceConfig != nil else { return }
        for (type, count) in TrainingHosts(request.resourceConfig).countOfTypes {
            await CapacityPreflight(engine: parts.engine, placement: parts.placement).examine(
                count,
                of: type,
                subject: "Capacity",
                into: &report
            )
        }
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
        let count = TrainingHosts(request.resourceConfig).count
        if volumes.copied * count > free {
            report.add(
                "Disk",
                .problem,
                "The channels have to be copied, \(Self.size(volumes.copied * count)), and \(Self.size(free)) are free."
            )
        }
        if let volume = request.resourceConfig?.volumeSizeInGB.map({ $0 << 30 }) {
            if volumes.copied > volume {
                report.add(
                    "Disk",
                    .problem,
                    """
                    The channels bring \(Self.size(volumes.copied)) to an instance, and VolumeSizeInGB is \
                    \(volume >> 30).
                    """
                )
            } else if volumes.copied + volumes.shown > volume {
                report.add(
                    "Disk",
                    .remark,
                    """
                    The channels have \(Self.size(volumes.copied + volumes.shown)) and VolumeSizeInGB is \
                    \(volume >> 30): enough here, where stored objects are shown without a copy, and not on AWS.
                    """
                )
            }
        }
        guard !report.checks.contains(where: { $0.subject == "Disk" }) else { return }
        report.add("Disk", .ok, "\(Self.size(free)) are free.")
    }

    /// Such as `12.3 MiB`.
    static func size(_ bytes: Int) -> String {
        var (value, unit) = (Double(bytes), 0)
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        while value >= 1024, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
        return unit == 0 ? "\(bytes) bytes" : String(format: "%.1f %@", value, units[unit])
    }
}
