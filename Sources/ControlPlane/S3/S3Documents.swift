import AWSWire
import Crypto
import Foundation
import Gateway
import HTTPServing
import HTTPTypes
import NIOCore
import ObjectStore
import Resources

/// The forms that S3's replies share.
extension ServerResponse {
    /// A reply with a document.
    static func document(_ root: XMLElement, headers: HTTPFields = [:]) -> ServerResponse {
        var headers = headers
        headers.set("Content-Type", "application/xml")
        let bytes = root.document(namespace: "http://s3.amazonaws.com/doc/2006-03-01/")
        return ServerResponse(status: .ok, headers: headers, body: .bytes(ByteBuffer(bytes: bytes)))
    }

    /// A reply without a body.
    static func empty(_ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> ServerResponse {
        ServerResponse(status: status, headers: headers)
    }
}

extension HTTPFields {
    /// The value of a header by its name.
    func value(_ name: String) -> String? { HTTPField.Name(name).flatMap { self[$0] } }

    /// Sets a header by its name; a name or value that HTTP cannot carry is left out.
    mutating func set(_ name: String, _ value: String?) {
        guard let value, let name = HTTPField.Name(name), HTTPField.isValidValue(value) else { return }
        self[name] = value
    }
}

/// Text in a listing: percent-encoded if the client asked for it, because XML cannot hold every key.
struct ListingText: Sendable {
    /// What the reply echoes as `EncodingType`.
    let encoding: String?

    /// Reads `encoding-type`.
    init(_ request: S3Request) throws(ServiceError) {
        encoding = request.parameter("encoding-type")
        guard let encoding, encoding != "url" else { return }
        throw .invalidArgument(
            "Invalid Encoding Method specified in Request",
            name: "encoding-type",
            value: encoding
        )
    }

    func element(_ name: String, _ text: String) -> XMLElement {
        XMLElement(name, encoding == nil ? text : PercentEncoding.encode(text, slash: .kept))
    }

    /// As `element`, but encoded only where a decoded text would differ or XML could not hold it.
    ///
    /// boto3 does not decode the prefix of the first ListObjects; other clients do, to the same text.
    func plainElement(_ name: String, _ text: String) -> XMLElement {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && scalar.value < 0x7F && scalar != "%" && scalar != "+" || scalar == "\n"
        }
        return isPlain ? XMLElement(name, text) : element(name, text)
    }

    /// An element only if there is a text.
    func element(_ name: String, _ text: String?) -> XMLElement? { text.map { element(name, $0) } }
}

extension XMLElement {
    /// An element only if there is a text.
    static func optional(_ name: String, _ text: String?) -> XMLElement? { text.map { XMLElement(name, $0) } }

    static func number(_ name: String, _ number: Int) -> XMLElement { XMLElement(name, "\(number)") }

    /// `2020-01-01T00:00:00.000Z`, as S3 writes times in documents.
    static func time(_ name: String, _ date: Date) -> XMLElement {
        XMLElement(name, CivilTime(date).iso8601)
    }

    /// An ETag in its quotes.
    static func eTag(_ eTag: String) -> XMLElement { XMLElement("ETag", "\"\(eTag)\"") }

    /// The account as S3 names owners: a canonical id of 64 hex digits.
    static func owner(_ account: AccountID, _ name: String = "Owner") -> XMLElement {
        XMLElement(name) {
            XMLElement("ID", account.canonicalID)
            XMLElement("DisplayName", account.description)
        }
    }
}

extension AccountID {
    /// The canonical user id that stands for the account: the same at every start.
    var canonicalID: String {
        Hex.encode(SHA256.hash(data: Data("clary account \(description)".utf8)))
    }
}
