/// Does work, and ends it when it takes too long.
///
/// - Throws: What `work` throws, or `late` when `limit` is over.
func ended<Value: Sendable>(
    within limit: Duration,
    otherwise late: ContainerEngineError,
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw late
        }
        defer { group.cancelAll() }
        while let value = try await group.next() { return value }
        throw late
    }
}
