import Synchronization

/// Who writes where in the common files of the open multipart uploads.
///
/// Part `n` of an upload whose parts have one size goes to offset `(n − 1) × size` of one file, whichever part arrives
/// first, so that Complete has nothing to copy. A place is written by one attempt only: a second attempt for the same
/// part, or a part that does not fit, gets a file of its own.
final class MultipartSlots: Sendable {
    private let uploads = Mutex<[String: State]>([:])

    private struct State {
        /// Distance of two parts; `nil` before the first part.
        var partSize: Int?
        /// Parts whose place is being written or holds a committed part.
        var taken: Set<Int> = []
        /// Attempts that are being written.
        var writers = 0
        /// Complete is looking at the file: no one else may write in it.
        var isSealed = false
    }

    /// Learns what the index knows of an upload, unless it is known already.
    func learn(_ upload: String, partSize: Int?, taken: Set<Int>) {
        uploads.withLock { uploads in
            if uploads[upload] == nil { uploads[upload] = State(partSize: partSize, taken: taken) }
        }
    }

    func isKnown(_ upload: String) -> Bool { uploads.withLock { $0[upload] != nil } }

    /// The upload is over.
    func forget(_ upload: String) { uploads.withLock { $0[upload] = nil } }

    /// Claims the place of a part.
    ///
    /// The first part sets the distance. If it is not part 1 it may be the short last one, so it gets no place itself,
    /// and a longer one that comes before any place is taken corrects the distance.
    ///
    /// - Returns: `nil` if the part needs a file of its own.
    func claim(_ number: Int, size: Int, of upload: String) -> SlotClaim? {
        let place = uploads.withLock { uploads -> (offset: Int, partSize: Int)? in
            guard var state = uploads[upload], !state.isSealed, size > 0 else { return nil }
            defer { uploads[upload] = state }
            let isFirst = state.partSize == nil
            if state.taken.isEmpty { state.partSize = max(state.partSize ?? 0, size) }
            guard let partSize = state.partSize, size <= partSize, !isFirst || number == 1,
                number * partSize <= ObjectUpload.sizeLimit, state.taken.insert(number).inserted
            else { return nil }
            state.writers += 1
            return ((number - 1) * partSize, partSize)
        }
        return place.map {
            SlotClaim(slots: self, upload: upload, number: number, offset: $0.offset, partSize: $0.partSize)
        }
    }

    fileprivate func release(_ claim: SlotClaim, isCommitted: Bool) {
        uploads.withLock { uploads in
            uploads[claim.upload]?.writers -= 1
            if !isCommitted { uploads[claim.upload]?.taken.remove(claim.number) }
        }
    }

    /// Keeps everybody from writing in the common file.
    ///
    /// - Returns: Whether no attempt is writing in it now; `nil` if it is sealed already.
    func seal(_ upload: String) -> Bool? {
        uploads.withLock { uploads in
            guard uploads[upload]?.isSealed == false else { return nil }
            uploads[upload]?.isSealed = true
            return uploads[upload]?.writers == 0
        }
    }

    /// Lets parts in again after a Complete that failed.
    func unseal(_ upload: String) { uploads.withLock { $0[upload]?.isSealed = false } }
}

/// The right of one attempt to write one part's place; given back with the last reference.
final class SlotClaim: Sendable {
    private let slots: MultipartSlots
    fileprivate let upload: String
    fileprivate let number: Int
    /// Where the part begins in the common file.
    let offset: Int
    /// Distance of two parts.
    let partSize: Int
    private let isCommitted = Atomic(false)

    fileprivate init(slots: MultipartSlots, upload: String, number: Int, offset: Int, partSize: Int) {
        self.slots = slots
        self.upload = upload
        self.number = number
        self.offset = offset
        self.partSize = partSize
    }

    /// The place holds a committed part now: nobody writes it again, this attempt neither.
    func commit() {
        isCommitted.store(true, ordering: .releasing)
        slots.release(self, isCommitted: true)
    }

    deinit {
        if !isCommitted.load(ordering: .acquiring) { slots.release(self, isCommitted: false) }
    }
}
