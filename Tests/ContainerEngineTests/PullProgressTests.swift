import ContainerEngine
import Foundation
import Testing

@Suite struct PullProgressTests {
    @Test func `bytes of layers are added up`() {
        var progress = PullProgress()
        for line in [
            #"{"status":"Pulling from library/own","id":"1"}"#,
            #"{"status":"Downloading","id":"a","progressDetail":{"current":10,"total":100}}"#,
            #"{"status":"Downloading","id":"b","progressDetail":{"current":5,"total":50}}"#,
            #"{"status":"Downloading","id":"a","progressDetail":{"current":60,"total":100}}"#,
            #"{"status":"Download complete","id":"b"}"#,
            #"{"status":"Extracting","id":"a","progressDetail":{"current":1,"total":300}}"#,
            "no json",
        ] { progress.take(Data(line.utf8)) }
        #expect(progress.bytes == 110)
        #expect(progress.totalBytes == 150)
        #expect(progress.failure == nil)
    }

    @Test func `layers are unpacked when all of them are here`() {
        var progress = PullProgress()
        #expect(!progress.isUnpacking)
        progress.take(
            Data(#"{"status":"Downloading","id":"a","progressDetail":{"current":10,"total":100}}"#.utf8)
        )
        #expect(!progress.isUnpacking)
        progress.take(Data(#"{"status":"Download complete","id":"a"}"#.utf8))
        #expect(progress.isUnpacking)
    }

    @Test func `an error is kept`() {
        var progress = PullProgress()
        progress.take(
            Data(#"{"error":"manifest unknown","errorDetail":{"message":"manifest unknown"}}"#.utf8)
        )
        #expect(progress.failure == "manifest unknown")
    }
}
