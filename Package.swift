// swift-tools-version: 6.3

import PackageDescription

/// Settings of every target: warnings are errors, and the language is the one that comes next.
let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

/// Targets that hold C or the safe face of it mark every unsafe use.
let strictSettings = settings + [.strictMemorySafety()]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioFoundationCompat: Target.Dependency = .product(name: "NIOFoundationCompat", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1: Target.Dependency = .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let swiftASN1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")

let package = Package(
    name: "clary",
    platforms: [.macOS(.v26)],
    products: [.executable(name: "clary", targets: ["clary"])],
    dependencies: [
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    // In the order of the explanation: each target may import only what stands in its line
    // (`Tests/StyleTests` compares every `import` with it).
    targets: [
        .executableTarget(
            name: "clary",
            dependencies: [
                "Agent", "AgentProtocol", "AlgorithmContainer", "Archive", "AWSWire", "CLinux",
                "ContainerEngine",
                "ControlPlane",
                "Databases", "DataFormats", "DataTools",
                "Engines", "Environments", "Estimators", "ExternalStore",
                "Gateway", "HTTPServing", "Images", "ObjectStore", "ParquetBridge", "Proxy", "Reports",
                "Resources",
                "Router",
                "SageMakerAPI", "Store", "TeamAccess",
                argumentParser, asyncHTTPClient, crypto, logging, nioCore, nioHTTP1, nioPosix,
                serviceLifecycle, unixSignals,
            ],
            swiftSettings: settings,
            // Sandboxes do not see the toolchain's folder. Only the link is static: were it the build's option
            // `--static-swift-stdlib`, every module would be compiled a second time for the tests, for which
            // the toolchain has no static library.
            linkerSettings: [
                .unsafeFlags(["-static-stdlib"]),
                // What Foundation's static library needs and its dynamic one has inside.
                .linkedLibrary("CoreFoundation", .when(platforms: [.linux])),
                .linkedLibrary("_FoundationCShims", .when(platforms: [.linux])),
                .linkedLibrary("_FoundationCollections", .when(platforms: [.linux])),
                .linkedLibrary("_FoundationICU", .when(platforms: [.linux])),
            ]
        ),
        .target(
            name: "ControlPlane",
            dependencies: [
                "AgentProtocol", "Archive", "AWSWire", "ContainerEngine", "Engines", "Environments",
                "ExternalStore", "Gateway", "HTTPServing", "Images", "ObjectStore",
                "Policies", "Reports", "Resources", "Router", "SageMakerAPI", "Store",
                asyncHTTPClient, crypto, httpTypes, logging, nioCore, nioFoundationCompat, nioHTTP1,
                serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Gateway",
            dependencies: ["AWSWire", "HTTPServing", "Resources", crypto, httpTypes, logging, nioCore],
            swiftSettings: settings
        ),
        .target(
            name: "AlgorithmContainer",
            dependencies: [
                "DataFormats", "Estimators", "HTTPServing", "ParquetBridge", httpTypes, logging, nioCore,
                serviceLifecycle, unixSignals,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "HTTPServing",
            dependencies: [
                httpTypes, logging, nioCore, nioHTTP1, nioHTTPTypes, nioHTTPTypesHTTP1, nioPosix,
                serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Router",
            dependencies: [
                "CLinux", "Resources", crypto, httpTypes, nioCore, nioHTTP1, nioHTTPTypes, nioPosix,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Proxy",
            dependencies: [crypto, logging, nioCore, nioPosix, nioSSL, serviceLifecycle, swiftASN1, x509],
            swiftSettings: settings
        ),
        .target(
            name: "TeamAccess",
            dependencies: ["Proxy", crypto, nioCore, nioSSL, swiftASN1, x509],
            swiftSettings: settings
        ),
        .target(
            name: "Agent",
            dependencies: [
                "AgentProtocol", "Archive", "AWSWire", "CLinux", "ContainerEngine", "Images", "ObjectAccess",
                "Resources",
                asyncHTTPClient,
                logging,
                nioCore, nioHTTP1, nioPosix,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Engines",
            dependencies: [
                "AgentProtocol", "CLinux", "ContainerEngine", "Resources", asyncHTTPClient, logging,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ContainerEngine",
            dependencies: ["Images", asyncHTTPClient, nioCore, nioFoundationCompat, nioHTTP1],
            swiftSettings: settings
        ),
        .target(
            name: "Environments",
            dependencies: ["CLinux", "Images", "Resources", logging],
            swiftSettings: settings
        ),
        .target(name: "Images", dependencies: ["Resources"], swiftSettings: settings),
        .target(name: "Store", dependencies: ["Databases", "Resources", grdb], swiftSettings: settings),
        .target(
            name: "ObjectStore",
            dependencies: [
                "Checksums", "CLinux", "Databases", "Resources", crypto, cryptoExtras, grdb, nioCore,
                nioPosix,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ObjectAccess",
            dependencies: ["Checksums", "CLinux", "Resources", asyncHTTPClient, nioCore, nioHTTP1],
            swiftSettings: settings
        ),
        .target(
            name: "ExternalStore",
            dependencies: ["AWSWire", "Resources", asyncHTTPClient, nioCore, nioHTTP1],
            swiftSettings: settings
        ),
        .target(
            name: "AgentProtocol",
            dependencies: ["Resources", crypto],
            swiftSettings: settings
        ),
        .target(
            name: "Estimators",
            dependencies: ["CXGBoost", "DataFormats"],
            swiftSettings: strictSettings
        ),
        .target(name: "DataTools", dependencies: ["DataFormats", "Reports"], swiftSettings: settings),
        .target(name: "ParquetBridge", dependencies: ["DataFormats"], swiftSettings: settings),
        .target(name: "DataFormats", swiftSettings: settings),
        .target(name: "Databases", dependencies: ["CLinux", grdb], swiftSettings: settings),
        .target(name: "Policies", swiftSettings: settings),
        .target(name: "Reports", swiftSettings: settings),
        .target(name: "SageMakerAPI", dependencies: ["AWSWire"], swiftSettings: settings),
        .target(name: "AWSWire", dependencies: [crypto], swiftSettings: settings),
        .target(name: "Archive", dependencies: ["CLinux", "CZlib"], swiftSettings: strictSettings),
        .target(name: "Checksums", dependencies: ["CChecksums"], swiftSettings: settings),
        .target(name: "Resources", swiftSettings: settings),
        .target(name: "CChecksums"),
        .target(name: "CLinux"),
        .target(name: "CXGBoost", linkerSettings: [.linkedLibrary("dl")]),
        .systemLibrary(name: "CZlib"),

        // Tests, in alphabetical order.
        .testTarget(
            name: "AgentTests",
            dependencies: ["Agent", "AgentProtocol", "CLinux", "ContainerEngine", "Resources", nioCore],
            swiftSettings: settings
        ),
        .testTarget(name: "ArchiveTests", dependencies: ["Archive"], swiftSettings: settings),
        .testTarget(name: "AWSWireTests", dependencies: ["AWSWire"], swiftSettings: settings),
        .testTarget(
            name: "AlgorithmContainerTests",
            dependencies: [
                "AlgorithmContainer", "DataFormats", "Estimators", "HTTPServing", "ParquetBridge", httpTypes,
                nioCore,
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "ChecksumsTests", dependencies: ["Checksums"], swiftSettings: settings),
        .testTarget(
            name: "ControlPlaneTests",
            dependencies: [
                "AgentProtocol", "AWSWire", "ContainerEngine", "ControlPlane", "Engines", "Environments",
                "Gateway", "HTTPServing", "Images", "ObjectStore", "Policies", "Resources", "SageMakerAPI",
                "Store", "TestSupport",
                asyncHTTPClient, httpTypes, logging, nioCore, serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "DatabasesTests", dependencies: ["Databases", grdb], swiftSettings: settings),
        .testTarget(name: "DataFormatsTests", dependencies: ["DataFormats"], swiftSettings: settings),
        .testTarget(
            name: "DataToolsTests",
            dependencies: ["DataFormats", "DataTools"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ContainerEngineTests",
            dependencies: ["ContainerEngine", "Images", asyncHTTPClient, nioCore, nioPosix],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EnginesTests",
            dependencies: ["AgentProtocol", "Engines", "Resources"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EstimatorsTests",
            dependencies: ["DataFormats", "Estimators"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ExternalStoreTests",
            dependencies: ["AWSWire", "ExternalStore"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "AWSWire", "Gateway", "HTTPServing", "Resources", crypto, httpTypes, logging, nioCore,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HTTPServingTests",
            dependencies: [
                "HTTPServing", "TestSupport", httpTypes, logging, nioCore, nioPosix, serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EnvironmentsTests",
            dependencies: ["Environments", "Images", logging],
            swiftSettings: settings
        ),
        .testTarget(name: "ImagesTests", dependencies: ["Images"], swiftSettings: settings),
        .testTarget(
            name: "InstanceTests",
            dependencies: [
                "AgentProtocol", "Archive", "CLinux", "Engines", "HTTPServing", "Resources", "TestSupport",
                httpTypes,
                nioCore,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ObjectStoreTests",
            dependencies: ["ObjectStore", "Resources", crypto, nioCore],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ParquetBridgeTests",
            dependencies: ["DataFormats", "ParquetBridge"],
            swiftSettings: settings
        ),
        .testTarget(name: "PoliciesTests", dependencies: ["Policies"], swiftSettings: settings),
        .testTarget(
            name: "ProxyTests",
            dependencies: ["Proxy", logging, nioCore, nioPosix, nioSSL, swiftASN1, x509],
            swiftSettings: settings
        ),
        .testTarget(name: "ReportsTests", dependencies: ["Reports"], swiftSettings: settings),
        .testTarget(name: "ResourcesTests", dependencies: ["Resources"], swiftSettings: settings),
        .testTarget(
            name: "RouterTests",
            dependencies: [
                "CLinux", "HTTPServing", "Resources", "Router", "TestSupport", crypto, httpTypes, nioCore,
                nioHTTPTypes, nioPosix,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SageMakerAPITests",
            dependencies: ["AWSWire", "SageMakerAPI"],
            swiftSettings: settings
        ),
        .testTarget(name: "StoreTests", dependencies: ["Resources", "Store"], swiftSettings: settings),
        .testTarget(name: "StyleTests", swiftSettings: settings),
        .testTarget(
            name: "TeamAccessTests",
            dependencies: ["Proxy", "TeamAccess", crypto, swiftASN1, x509],
            swiftSettings: settings
        ),
        .target(
            name: "TestSupport",
            dependencies: ["HTTPServing", httpTypes, logging, nioCore, nioPosix],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
    ]
)

// Every target opens with a README for people.
for target in package.targets where target.type != .test && target.type != .system {
    target.exclude.append("README.md")
}
