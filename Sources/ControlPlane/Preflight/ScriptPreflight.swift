import Archive
import Foundation
import Gateway
import Resources
import SageMakerAPI

/// Whether a job would find its script.
struct ScriptPreflight: Sendable {
    let data: DataCatalogue
    let request: SageMaker.CreateTrainingJobRequest
    let principal: Caller

    /// Larger archives are not opened: somebody waits.
    private static let mostBytes = 256 << 20
    private static let subject = "Script"

    func examine(into report: inout PreflightReport) async {
        let program = request.environment?["SAGEMAKER_PROGRAM"] ?? hyperparameter("sagemaker_program")
        let place =
            [
                hyperparameter("sagemaker_submit_directory"),
                request.environment?["SAGEMAKER_SUBMIT_DIRECTORY"] ?? "",
            ]
            .first { !$0.isEmpty } ?? ""
        guard !place.isEmpty else {
            return report.add(
                Self.subject,
                .problem,
                "No archive has '\(program)': name it in the hyperparameter sagemaker_submit_directory."
            )
        }
        guard let location = S3Location(uri: place) else { return examine(path: place, program, &report) }
        do {
            guard let entry = try await data.entry(at: location, as: principal) else {
                return report.add(
                    Self.subject,
                    .problem,
                    "sagemaker_submit_directory names \(place), which does not exist."
                )
            }
            guard request.enableNetworkIsolation != true else {
                return report.add(
                    Self.subject,
                    .problem,
                    """
                    EnableNetworkIsolation closes the network, and the script is at \(place): bring it by a channel and \
                    name its path below /opt/ml/input/data.
                    """
                )
            }
            guard entry.size <= Self.mostBytes else {
                return report.add(Self.subject, .remark, "The archive is large and was not opened.")
            }
            try await examine(entry, at: location, program, &report)
        } catch let refusal as AccessRefusal {
            report.add(Self.subject, .problem, refusal.message)
        } catch let error as ArchiveError {
            report.add(Self.subject, .problem, "\(place) is no archive that can be unpacked: \(error)")
        } catch {
            report.add(Self.subject, .problem, "\(place) cannot be read: \(error)")
        }
    }

    /// The text of a hyperparameter, which is JSON where an SDK has written it; empty if it is not given.
    private func hyperparameter(_ name: String) -> String {
        let text = request.hyperParameters?[name] ?? ""
        // Text that is no JSON stands for itself.
        return (try? JSONDecoder().decode(String.self, from: Data(text.utf8))) ?? text
    }

    private func examine(path: String, _ program: String, _ report: inout PreflightReport) {
        let prefix = "/opt/ml/input/data/"
        guard path.hasPrefix(prefix), let channel = path.dropFirst(prefix.count).split(separator: "/").first
        else { return report.add(Self.subject, .remark, "'\(program)' is looked for in \(path).") }
        guard request.inputDataConfig?.contains(where: { $0.channelName ?? "" == channel }) == true else {
            return report.add(
                Self.subject,
                .problem,
                "sagemaker_submit_directory is \(path), and there is no channel '\(channel)'."
            )
        }
        report.add(Self.subject, .ok, "'\(program)' comes by the channel '\(channel)'.")
    }

    private func examine(
        _ entry: DataCatalogue.Entry,
        at location: S3Location,
        _ program: String,
        _ report: inout PreflightReport
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "script-\(UUID().uuidString)")
        let code = folder.appending(path: "code")
        try FileManager.default.createDirectory(at: code, withIntermediateDirectories: true)
        // A folder that stays is swept with the machine's other temporary files.
        defer { try? FileManager.default.removeItem(at: folder) }
        var archive = entry.file ?? ""
        if entry.file == nil {
            archive = folder.appending(path: "archive").path
            try await data.content(of: entry, at: location).write(to: URL(filePath: archive))
        }
        _ = try ArchiveUnpacker.unpack(
            archive,
            into: code.path,
            limits: ArchiveLimits(bytes: 4 * Self.mostBytes, entries: 100_000)
        )
        let there = try FileManager.default.contentsOfDirectory(atPath: code.path).sorted()
        // Anything else is the name of a module, which may be anywhere on Python's path.
        let isFile = program.hasSuffix(".py") || program.hasSuffix(".sh")
        guard
            !isFile || there.contains(program)
                || TrainingAssignment.isSafe(program)
                    && FileManager.default.fileExists(atPath: "\(code.path)/\(program)")
        else {
            return report.add(
                Self.subject,
                .problem,
                "'\(program)' is not in \(location), which has \(there.prefix(10).joined(separator: ", "))."
            )
        }
        report.add(Self.subject, .ok, "'\(program)' from \(location).")
    }
}
