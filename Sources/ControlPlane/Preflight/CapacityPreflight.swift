import Engines

/// Whether instances have room, now or ever.
struct CapacityPreflight: Sendable {
    let engine: any Engine
    let placement: PlacementQueue

    func examine(_ count: Int, of type: String, subject: String, into report: inout PreflightReport) async {
        do throws(EngineError) {
            let (_, notice) = try engine.limits(of: type)
            let vacancy = try await engine.vacancy(of: type)
            if let notice { report.add(subject, .remark, notice) }
            guard count <= vacancy.most else {
                return report.add(
                    subject,
                    .problem,
                    "\(count) instances of \(type) do not fit on this machine together: at most \(vacancy.most) do."
                )
            }
            let waiting = Set(await placement.places.values.map(\.position)).count
            guard count <= vacancy.now, waiting == 0 else {
                let line = waiting == 0 ? "" : " behind \(waiting) that wait already"
                let holders = vacancy.holders.prefix(5).joined(separator: ", ")
                return report.add(
                    subject,
                    .remark,
                    """
                    It would wait for room\(line): \(vacancy.now) more of \(type) fit now, \(count) are asked for. The \
                    room is held by \(holders.isEmpty ? "nobody" : holders).
                    """
                )
            }
            report.add(subject, .ok, "Room for \(vacancy.now) of \(type) now, \(count) asked for.")
        } catch {
            switch error {
            case .impossible(let text), .failed(let text): report.add(subject, .problem, text)
            case .noRoom(let holders):
                report.add(subject, .remark, "It would wait for \(holders.joined(separator: ", ")).")
            }
        }
    }
}
