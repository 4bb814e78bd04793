import AWSWire
import SageMakerAPI

/// A request that somebody wants to know the fate of, as it was written down: the JSON document that clients send.
struct PreflightDocument {
    let request: Request
    /// Members that the operation does not have, as paths.
    let unknown: [String]
    /// Values of a wrong type; in the request an empty value stands for each.
    let misfits: [MisfitValue]

    enum Request {
        case trainingJob(SageMaker.CreateTrainingJobRequest)
        case model(SageMaker.CreateModelInput)
        case endpointConfig(SageMaker.CreateEndpointConfigInput)
    }

    /// A document that is no request at all.
    struct Unreadable: Error, Equatable {
        /// A sentence for the user.
        let message: String
    }

    /// More values of a wrong type than this say that the document is another one.
    private static let mostMisfits = 50

    /// Tells the operation by the members that only it has.
    ///
    /// - Throws: `Unreadable` with the place in the text, or with what a request has to have.
    init(reading document: [UInt8]) throws(Unreadable) {
        let tree = try Self.tree(of: document)
        guard case .structure(let members) = tree else {
            throw Unreadable(message: "The document is \(tree.words), and a request is an object: { … }.")
        }
        func has(_ names: String...) -> Bool { names.contains { members[$0] != nil } }
        if has("TrainingJobName", "AlgorithmSpecification") {
            let read = try Self.read(SageMaker.CreateTrainingJobRequest.self, tree)
            self.init(request: .trainingJob(read.shape), unknown: read.unknown, misfits: read.misfits)
        } else if has("EndpointConfigName", "ProductionVariants") {
            let read = try Self.read(SageMaker.CreateEndpointConfigInput.self, tree)
            self.init(request: .endpointConfig(read.shape), unknown: read.unknown, misfits: read.misfits)
        } else if has("ModelName", "PrimaryContainer", "Containers") {
            let read = try Self.read(SageMaker.CreateModelInput.self, tree)
            self.init(request: .model(read.shape), unknown: read.unknown, misfits: read.misfits)
        } else {
            throw Unreadable(
                message: """
                    The document is no request of CreateTrainingJob, CreateModel or CreateEndpointConfig: it has none of \
                    TrainingJobName, ModelName, EndpointConfigName. Write what `aws sagemaker create-training-job \
                    --generate-cli-skeleton` shows.
                    """
            )
        }
    }

    private init(request: Request, unknown: [String], misfits: [MisfitValue]) {
        (self.request, self.unknown, self.misfits) = (request, unknown, misfits)
    }

    private static func tree(of document: [UInt8]) throws(Unreadable) -> WireValue {
        guard document.contains(where: { !$0.isSpace }) else {
            throw Unreadable(message: "The document is empty.")
        }
        do {
            return try JSONCodec.parse(document)
        } catch {
            let before = document.prefix(error.offset)
            let line = before.count { $0 == 0x0A } + 1
            let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            let column = String(decoding: before[start...], as: UTF8.self).count + 1
            let rest = String(
                decoding: document[error.offset...].prefix { $0 != 0x0A }.prefix(40),
                as: UTF8.self
            )
            .trimmingPrefix(while: \.isWhitespace)
            throw Unreadable(
                message: """
                    The document is not JSON: line \(line), column \(column): \(error.reason)\
                    \(rest.isEmpty ? "" : ", before `\(rest)`").
                    """
            )
        }
    }

    private static func read<Shape: WireShape>(
        _ type: Shape.Type,
        _ tree: WireValue
    ) throws(Unreadable) -> (shape: Shape, unknown: [String], misfits: [MisfitValue]) {
        do {
            let (shape, misfits) = try JSONCodec.decode(type, from: tree, atMost: mostMisfits)
            let known = try JSONCodec.tree(of: JSONCodec.encode(shape))
            return (shape, missing(tree, known, ""), misfits)
        } catch {
            throw Unreadable(message: error.message)
        }
    }

    /// Members that are gone once the request was read and written again.
    private static func missing(_ given: WireValue, _ known: WireValue?, _ path: String) -> [String] {
        switch (given, known) {
        case (.null, _): []
        case (.structure(let given), .structure(let known)):
            given.names.sorted().flatMap { name in
                missing(given[name] ?? .null, known[name], path.isEmpty ? name : "\(path).\(name)")
            }
        case (.list(let given), .list(let known)):
            given.indices.flatMap { index in
                missing(given[index], index < known.count ? known[index] : nil, "\(path)[\(index)]")
            }
        case (_, nil): [path]
        case (_, .some): []
        }
    }
}

extension MisfitValue {
    /// A sentence for the one who wrote it.
    var sentence: String {
        let quoted =
            if case .string = wanted, let scalar = found.scalar { ": write \"\(scalar)\"" } else { "" }
        return "\(path) is \(found.words), and \(wanted.kind) is wanted\(quoted)."
    }
}

extension WireValue {
    /// As a document has it, if it is a number or a truth value.
    fileprivate var scalar: String? {
        switch self {
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .null, .string, .list, .structure: nil
        }
    }

    /// What stands there.
    fileprivate var words: String {
        switch self {
        case .null: "null"
        case .string(let text): text.count > 40 ? "\"\(text.prefix(40))…\"" : "\"\(text)\""
        case .list: "a list"
        case .structure: "an object"
        case .bool, .integer, .number: scalar ?? ""
        }
    }

    /// The type, for people.
    fileprivate var kind: String {
        switch self {
        case .null: "nothing"
        case .bool: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .string: "text in quotes"
        case .list: "a list, [ … ],"
        case .structure: "an object, { … },"
        }
    }
}

extension UInt8 {
    /// Whether it is white space in JSON.
    fileprivate var isSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
