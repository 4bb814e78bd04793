import Resources
import Testing

@Suite struct FNV1aTests {
    /// Of the test vectors at isthe.com/chongo/tech/comp/fnv.
    @Test(arguments: [("", 0x811c_9dc5 as UInt32), ("a", 0xe40c_292c), ("foobar", 0xbf9c_f968)])
    func `hashes are the published ones`(text: String, hash: UInt32) {
        #expect(FNV1a.hash(text) == hash)
    }
}
