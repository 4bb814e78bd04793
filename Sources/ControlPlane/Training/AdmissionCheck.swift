import AWSWire

/// One rule that a request must fulfil, or a few that stand together.
///
/// An admission runs its rules to the first error, a preflight all of them.
struct AdmissionCheck: Sendable {
    /// What it looks at, for people: a field, `Channel 'train'`.
    let subject: String
    /// Throws what the operation would answer.
    let run: @Sendable () async throws(ServiceError) -> Void

    init(_ subject: String, _ run: @escaping @Sendable () async throws(ServiceError) -> Void) {
        self.subject = subject
        self.run = run
    }
}
