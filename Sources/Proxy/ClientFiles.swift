import Foundation

/// Files in the data directory that the exports of `ClientEnvironment` name.
extension ClientEnvironment {
    /// An SDK configuration that turns telemetry off.
    package static func sageMakerConfigurationFile(dataDirectory: String) -> String {
        dataDirectory + "/sagemaker-config.yaml"
    }

    /// Certificates that clients trust: those they trusted before and the proxy's authority.
    package static func bundleFile(dataDirectory: String) -> String {
        ProxySettings.folder(dataDirectory: dataDirectory) + "/ca-bundle.pem"
    }

    /// URL of the proxy that a shell used before; absent if it used none.
    package static func upstreamFile(dataDirectory: String) -> String {
        ProxySettings.folder(dataDirectory: dataDirectory) + "/upstream"
    }

    /// Where Linux distributions keep the system's roots.
    private static let systemBundles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    /// Writes the files for a shell.
    ///
    /// - Parameters:
    ///   - dataDirectory: The server's.
    ///   - before: The shell's managed variables before Clary's exports (`original`).
    ///   - withProxy: Whether the exports lead to the proxy.
    /// - Throws: `UnusableFile` if the proxy's certificate is missing, or the file system's error.
    package static func writeFiles(dataDirectory: String, before: [String: String], withProxy: Bool) throws {
        let configuration = """
            SchemaVersion: '1.0'
            SageMaker:
              PythonSDK:
                Modules:
                  TelemetryOptOut: true

            """
        try PrivateFile.write(
            Data(configuration.utf8),
            to: sageMakerConfigurationFile(dataDirectory: dataDirectory),
            mode: 0o644
        )
        guard withProxy else { return }
        try writeBundle(
            to: bundleFile(dataDirectory: dataDirectory),
            dataDirectory: dataDirectory,
            instead: [before["AWS_CA_BUNDLE"], before["REQUESTS_CA_BUNDLE"]].compactMap(\.self)
        )

        let upstream = upstreamFile(dataDirectory: dataDirectory)
        if let proxy = before["HTTPS_PROXY"] ?? before["https_proxy"], !proxy.isEmpty {
            try PrivateFile.write(Data(proxy.utf8), to: upstream)
        } else if FileManager.default.fileExists(atPath: upstream) {
            try FileManager.default.removeItem(atPath: upstream)
        }
    }

    /// Writes the certificates that clients of the proxy trust: the system's roots and the proxy's authority.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - dataDirectory: Where the proxy's authority is.
    ///   - instead: Files of which the first that is there takes the place of the system's roots.
    /// - Throws: `UnusableFile` if the proxy's certificate is missing, or the file system's error.
    package static func writeBundle(to path: String, dataDirectory: String, instead: [String] = []) throws {
        let ownPath = ProxySettings.folder(dataDirectory: dataDirectory) + "/ca.pem"
        guard let own = FileManager.default.contents(atPath: ownPath) else {
            throw UnusableFile(path: ownPath, problem: "the server's certificate is not there")
        }
        let trusted = instead + systemBundles
        let roots = trusted.lazy.compactMap { FileManager.default.contents(atPath: $0) }.first ?? Data()
        try PrivateFile.write(roots + Data("\n".utf8) + own, to: path, mode: 0o644)
    }
}
