import AWSWire

/// One page of a list, as IAM pages: the marker says how many items came before.
struct IAMPage<Item> {
    let items: [Item]
    /// The marker of the next page; `nil` on the last.
    let next: String?

    /// - Throws: `ValidationError` for a marker that is none of ours.
    init(_ all: [Item], marker: String?, limit: Int?) throws(ServiceError) {
        guard let start = marker.map({ Int($0) }) ?? 0, start >= 0 else {
            throw ServiceError("ValidationError", "Invalid Marker.")
        }
        let end = min(all.count, start + (limit ?? 100))
        items = start < end ? Array(all[start..<end]) : []
        next = end < all.count && start < end ? String(end) : nil
    }
}
