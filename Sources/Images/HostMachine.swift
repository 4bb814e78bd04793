/// What of a machine decides which packages can run on it.
package struct HostMachine: Sendable, Equatable {
    /// A Python that sandboxes see too.
    package struct Interpreter: Sendable, Equatable {
        /// Major and minor.
        package let version: ReleaseVersion
        package let path: String

        package init(version: ReleaseVersion, path: String) {
            self.version = version
            self.path = path
        }
    }

    package var interpreters: [Interpreter]
    /// As `uname -m` names it.
    package var processor: String
    package var hasGPU: Bool
    /// Names of wheels in the folders that pip is told to look into (`find-links`).
    package var wheels: [String]

    package init(interpreters: [Interpreter], processor: String, hasGPU: Bool, wheels: [String]) {
        self.interpreters = interpreters
        self.processor = processor
        self.hasGPU = hasGPU
        self.wheels = wheels
    }

    /// Builds of PyTorch without CUDA among the wheels, newest first, each with the Pythons that it is for.
    var processorBuilds: [(version: ReleaseVersion, build: String, python: ReleaseVersion)] {
        wheels.compactMap { name in
            let parts = name.split(separator: "-")
            guard parts.count >= 5, parts[0] == "torch", name.hasSuffix("\(processor).whl") else {
                return nil
            }
            let (number, local) = (parts[1].prefix { $0 != "+" }, parts[1].drop { $0 != "+" })
            guard local == "+cpu", let version = ReleaseVersion(number), parts[2].hasPrefix("cp3"),
                let python = ReleaseVersion("3.\(parts[2].dropFirst(3))")
            else { return nil }
            return (version, String(parts[1]), python)
        }
        .sorted { $0.version > $1.version }
    }
}
