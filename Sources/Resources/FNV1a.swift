/// A short hash that is the same in every process and version (Fowler, Noll, Vo), for names and choices; whoever wants to
/// can make two texts collide.
package enum FNV1a {
    /// 32 bits, of the text in UTF-8.
    package static func hash(_ text: String) -> UInt32 {
        text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
