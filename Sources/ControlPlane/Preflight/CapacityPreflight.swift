import Engines

/// Whether instances have room, now or ever.
struct CapacityPreflight: Sendable {
    let engine: any Engine
    let placement: PlacementQueue

    func examine(
        _ types: [(instanceType: String, count: Int)],
        subject: String,
        into report: inout PreflightReport
    ) async {
        do throws(EngineError) {
            for (type, _) in types {
                if let notice = try engine.limits(of: type).notice { report.add(subject, .remark, notice) }
            }
            let vacancy = try await engine.vacancy(
                for: types.flatMap { Array(repeating: $0.instanceType, count: $0.count) }
            )
            let first = types.first?.instanceType ?? ""
            let waiting = Set(await placement.places.values.map(\.position)).count
            guard vacancy.hasRoom, waiting == 0 else {
                let verb = waiting == 1 ? "waits" : "wait"
                let line = waiting == 0 ? "" : " behind \(waiting) that \(verb) already"
                let holders = vacancy.holders.prefix(5).joined(separator: ", ")
                return report.add(
                    subject,
                    .remark,
                    """
                    It would wait for room\(line): \(vacancy.more) more of \(first) fit now. The room is held by \
                    \(holders.isEmpty ? "nobody" : holders).
                    """
                )
            }
            report.add(subject, .ok, "There is room: \(vacancy.more) of \(first) fit now.")
        } catch {
            switch error {
            case .impossible(let text), .failed(let text): report.add(subject, .problem, text)
            case .noRoom(let holders):
                report.add(subject, .remark, "It would wait for \(holders.joined(separator: ", ")).")
            }
        }
    }
}
