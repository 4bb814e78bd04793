import Glibc

/// An administrator's wish: where new objects of some buckets are stored.
package struct BucketDirectory: Sendable, Hashable {
    /// A bucket's name, or a pattern with `*` and `?`.
    package let buckets: String
    /// Absolute path of a directory that exists.
    package let path: String

    package init(buckets: String, path: String) {
        self.buckets = buckets
        self.path = path
    }

    func isFor(_ bucket: String) -> Bool { fnmatch(buckets, bucket, 0) == 0 }
}
