/// How the parts of an upload become one file.
struct PartAssembly: Sendable {
    /// Where the parts are, and the object will be.
    private let volume: Volume
    private let upload: MultipartUpload
    /// With the position of each in the object.
    private let parts: [(part: UploadedPart, offset: Int)]
    /// Bytes of the object.
    let size: Int
    private let mayUseCommonFile: Bool

    /// Lays the parts out in the order of the list; the common file is only used if no attempt is writing in it.
    init(volume: Volume, upload: MultipartUpload, parts: [UploadedPart], mayUseCommonFile: Bool) {
        self.volume = volume
        self.upload = upload
        self.mayUseCommonFile = mayUseCommonFile
        var size = 0
        self.parts = parts.map { part in
            defer { size += part.size }
            return (part, size)
        }
        self.size = size
    }

    /// Makes the object's file complete.
    ///
    /// Blocks.
    ///
    /// - Returns: The folder to flush before the index names it.
    func publish(as id: FileID) throws(ObjectStoreError) -> String {
        let common = try OpenFile(volume.incomingPath(upload.file), .write)
        if mayUseCommonFile, try isInPlace(common) {
            for (part, offset) in parts where part.file != nil {
                try copy(part, to: offset, of: common, from: common)
            }
            return try volume.publish(common, as: id, by: .linking)
        }
        let whole = try volume.temporary()
        for (part, offset) in parts { try copy(part, to: offset, of: whole.file, from: common) }
        let folder = try volume.publish(whole.file, as: id)
        whole.keep()
        return folder
    }

    /// Whether the common file can become the object: every part that is in it is where the object has it, and nothing
    /// comes after the object's end.
    private func isInPlace(_ common: OpenFile) throws(ObjectStoreError) -> Bool {
        guard parts.contains(where: { $0.part.file == nil }), try common.size() <= size else { return false }
        return parts.allSatisfy { $0.part.file != nil || place(of: $0.part) == $0.offset }
    }

    /// Where a part is in the common file.
    private func place(of part: UploadedPart) -> Int { (part.number - 1) * (upload.partSize ?? 0) }

    private func copy(
        _ part: UploadedPart,
        to offset: Int,
        of target: OpenFile,
        from common: OpenFile
    ) throws(ObjectStoreError) {
        if let file = part.file {
            try target.copy(0..<part.size, of: OpenFile(volume.incomingPath(file), .read), to: offset)
        } else {
            let start = place(of: part)
            try target.copy(start..<start + part.size, of: common, to: offset)
        }
    }
}
