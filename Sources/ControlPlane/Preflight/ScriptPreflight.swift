import Archive
import Foundation
import Gateway
import Reports
import Resources
import SageMakerAPI

/// Whether a job would find its script, and the script its arguments and packages.
struct ScriptPreflight: Sendable {
    let parts: Preflight.Parts
    let request: SageMaker.CreateTrainingJobRequest
    let principal: Caller

    /// Larger archives are not opened, because somebody waits.
    ///
    /// What is no file of this machine has to be fetched besides.
    private static let mostBytes = (file: 256 << 20, fetched: 64 << 20)
    private static let subject = "Script"

    func examine(into report: inout PreflightReport) async {
        for problem in ScriptArguments.problems(of: request.hyperParameters ?? [:]) {
            report.add("HyperParameters", .problem, problem)
        }
        let program =
            request.environment?["SAGEMAKER_PROGRAM"].flatMap { $0.isEmpty ? nil : $0 }
            ?? hyperparameter("sagemaker_program")
        if let problem = Self.problem(ofProgram: program) { report.add(Self.subject, .problem, problem) }
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
        if let location = S3Location(uri: place) {
            await examine(location, program, &report)
        } else {
            examine(path: place, program, &report)
        }
    }

    /// The text of a hyperparameter, which is JSON where an SDK has written it; empty if it is not given.
    private func hyperparameter(_ name: String) -> String {
        ScriptArguments.text(of: request.hyperParameters?[name] ?? "")
    }

    private static func problem(ofProgram program: String) -> String? {
        guard !program.isEmpty else {
            return "The hyperparameter sagemaker_program is empty: name the script to run, such as train.py."
        }
        guard !program.hasPrefix("/"), !program.hasPrefix("-"), !program.split(separator: "/").contains("..")
        else {
            return "'\(program)' lies outside of the archive: name a file in it by its path there."
        }
        return nil
    }

    private func examine(path place: String, _ program: String, _ report: inout PreflightReport) {
        let path = place.hasPrefix("file://") ? String(place.dropFirst("file://".count)) : place
        if let scheme = path.firstMatch(of: /^[A-Za-z][A-Za-z0-9+.-]*:\/\//) {
            return report.add(
                Self.subject,
                .problem,
                """
                sagemaker_submit_directory is \(place), and \(scheme.output) is not fetched from: upload the archive, and \
                name it as s3://bucket/key.
                """
            )
        }
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

    // MARK: Archives

    private func examine(_ location: S3Location, _ program: String, _ report: inout PreflightReport) async {
        if request.enableNetworkIsolation == true {
            report.add(
                Self.subject,
                .problem,
                """
                EnableNetworkIsolation closes the network, and the script is at \(location): bring it by a channel and \
                name its path below /opt/ml/input/data.
                """
            )
        }
        do {
            guard let entry = try await parts.data.entry(at: location, as: principal) else {
                return report.add(
                    Self.subject,
                    .problem,
                    "sagemaker_submit_directory names \(location), which does not exist."
                )
            }
            let most = entry.file == nil ? Self.mostBytes.fetched : Self.mostBytes.file
            guard entry.size <= most else {
                return report.add(
                    Self.subject,
                    .remark,
                    """
                    Whether \(location) has '\(program)' was not looked at: the archive has \
                    \(Units.bytes(entry.size)), and only one of at most \(Units.bytes(most)) is \
                    opened here.
                    """
                )
            }
            let named = hyperparameter("sagemaker_requirements")
            let archive = ScriptArchive(data: parts.data, directory: parts.directory)
            let index = try await archive.index(of: entry, at: location, requirements: named)
            examine(index, at: location, program, &report)
            RequirementsPreflight(index: index).examine(named: named, into: &report)
        } catch let error as UnusableChannel {
            report.add(Self.subject, .problem, error.message.asSentence)
        } catch let refusal as AccessRefusal {
            report.add(Self.subject, .problem, refusal.message)
        } catch ArchiveError.tooLarge {
            report.add(
                Self.subject,
                .remark,
                """
                Whether \(location) has '\(program)' was not looked at to the end: it unpacks to more than the \
                \(Units.bytes(ScriptArchive.limits.bytes)) and \(ScriptArchive.limits.entries) files that are \
                read here.
                """
            )
        } catch let error as ArchiveError {
            report.add(Self.subject, .problem, "\(location) is no archive that can be unpacked: \(error)")
        } catch {
            report.add(Self.subject, .problem, "\(location) cannot be read: \(error)")
        }
    }

    private func examine(
        _ index: ArchiveIndex,
        at location: S3Location,
        _ program: String,
        _ report: inout PreflightReport
    ) {
        // What is wrong with the name itself was said.
        guard Self.problem(ofProgram: program) == nil else { return }
        guard !index.hasProgram(program) else {
            return report.add(Self.subject, .ok, "'\(program)' from \(location).")
        }
        let top = index.top.map { index.directories.contains($0) ? "\($0)/" : $0 }
        let more = top.count > 10 ? " and \(top.count - 10) more" : ""
        let elsewhere = index.files.filter { $0.hasSuffix("/\(program)") }.min()
        let advice =
            elsewhere.map { " It has '\($0)': name that, or pack the files without their folder." } ?? ""
        report.add(
            Self.subject,
            .problem,
            """
            '\(program)' is not in \(location), which has \
            \(top.isEmpty ? "nothing" : top.prefix(10).joined(separator: ", "))\(more).\(advice)
            """
        )
    }
}

extension ArchiveIndex {
    /// Whether a job with this code could run this program: a file, or the name of a module.
    fileprivate func hasProgram(_ program: String) -> Bool {
        let path = program.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        if files.contains(path) { return true }
        guard !program.hasSuffix(".py"), !program.hasSuffix(".sh") else { return false }
        let module = program.replacing(".", with: "/")
        return ["setup.py", "pyproject.toml", "\(module).py", "\(module)/__main__.py"].contains(
            where: files.contains
        )
    }
}
