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
    ///   - trustFile: What the server's own certificate is verified with; `nil` without TLS.
    /// - Throws: `UnusableFile` if a certificate is missing, or the file system's error.
    package static func writeFiles(
        dataDirectory: String,
        before: [String: String],
        withProxy: Bool,
        trustFile: String? = nil
    ) throws {
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
        let authorities =
            (withProxy ? [authorityFile(dataDirectory: dataDirectory)] : [])
            + [trustFile].compactMap(\.self)
        guard !authorities.isEmpty else { return }
        try writeBundle(
            to: bundleFile(dataDirectory: dataDirectory),
            of: authorities,
            instead: [before["AWS_CA_BUNDLE"], before["REQUESTS_CA_BUNDLE"]].compactMap(\.self)
        )
        guard withProxy else { return }
        let upstream = upstreamFile(dataDirectory: dataDirectory)
        if let proxy = before["HTTPS_PROXY"] ?? before["https_proxy"], !proxy.isEmpty {
            try PrivateFile.write(Data(proxy.utf8), to: upstream)
        } else if FileManager.default.fileExists(atPath: upstream) {
            try FileManager.default.removeItem(atPath: upstream)
        }
    }

    /// The certificate of the proxy's authority.
    package static func authorityFile(dataDirectory: String) -> String {
        ProxySettings.folder(dataDirectory: dataDirectory) + "/ca.pem"
    }

    /// Writes the certificates that clients trust: the system's roots and some of Clary's.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - authorities: Files with certificates of Clary's.
    ///   - instead: Files of which the first that is there takes the place of the system's roots.
    /// - Throws: `UnusableFile` if one of Clary's certificates is missing, or the file system's error.
    package static func writeBundle(
        to path: String,
        of authorities: [String],
        instead: [String] = []
    ) throws {
        let trusted = instead + systemBundles
        var bundle = trusted.lazy.compactMap { FileManager.default.contents(atPath: $0) }.first ?? Data()
        for file in authorities {
            guard let own = FileManager.default.contents(atPath: file) else {
                throw UnusableFile(path: file, problem: "the server's certificate is not there")
            }
            bundle += Data("\n".utf8) + own
        }
        try PrivateFile.write(bundle, to: path, mode: 0o644)
    }
}
