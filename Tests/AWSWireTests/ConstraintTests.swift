import AWSWire
import Testing

/// A request like the generated ones.
private struct Job: WireShape {
    var jobName: String?
    var instanceCount: Int?
    var channels: [Channel]?
    var images: [String]?
    var environment: [String: String]?

    func validate(_ checker: inout ConstraintChecker) {
        let name = StringRule(minimum: 1, maximum: 5, pattern: Pattern("[a-z]+"))
        checker.string(jobName, "jobName", .required, name)
        checker.number(instanceCount, "instanceCount", .optional, NumberRule(minimum: 1, maximum: 10))
        checker.list(channels, "channels", .optional, CountRule(minimum: 1, maximum: 2)) { $1.validate(&$0) }
        checker.strings(images, "images", .optional, CountRule(maximum: 2), each: StringRule(maximum: 3))
        checker.strings(
            environment,
            "environment",
            .optional,
            CountRule(maximum: 2),
            keys: name,
            values: name
        )
    }
}

private struct Channel: WireShape {
    var inputMode: String?

    func validate(_ checker: inout ConstraintChecker) {
        checker.string(inputMode, "inputMode", .required, StringRule(values: ["File", "Pipe"]))
    }
}

@Suite struct ConstraintTests {
    private func message(_ job: Job) -> String? {
        do throws(ServiceError) {
            try ConstraintChecker.check(job)
            return nil
        } catch {
            #expect(error.code == "ValidationException")
            #expect(error.status == 400)
            return error.message
        }
    }

    @Test func `a request within its constraints passes`() {
        let job = Job(
            jobName: "job",
            instanceCount: 10,
            channels: [Channel(inputMode: "File")],
            images: ["abc"],
            environment: ["a": "b"]
        )
        #expect(message(job) == nil)
    }

    @Test func `a service has its own code for violations`() {
        let error = #expect(throws: ServiceError.self) {
            try ConstraintChecker.check(Job(), code: "ValidationError")
        }
        #expect(error?.code == "ValidationError")
    }

    @Test func `a missing member is null`() {
        #expect(
            message(Job())
                == "1 validation error detected: Value null at 'jobName' failed to satisfy constraint: "
                + "Member must not be null"
        )
    }

    @Test func `several violations stand in one message`() {
        #expect(
            message(Job(jobName: "bad_name", instanceCount: 0))
                == "2 validation errors detected: Value 'bad_name' at 'jobName' failed to satisfy constraint: "
                + "Member must have length less than or equal to 5; "
                + "Value '0' at 'instanceCount' failed to satisfy constraint: "
                + "Member must have value greater than or equal to 1"
        )
    }

    @Test func `a pattern is shown with its anchor`() {
        #expect(
            message(Job(jobName: "A"))
                == "1 validation error detected: Value 'A' at 'jobName' failed to satisfy constraint: "
                + "Member must satisfy regular expression pattern: ^[a-z]+"
        )
    }

    @Test func `a member of a list has a numbered path`() {
        #expect(
            message(Job(jobName: "a", channels: [Channel(inputMode: "File"), Channel(inputMode: "file")]))
                == "1 validation error detected: Value 'file' at 'channels.2.member.inputMode' failed to satisfy "
                + "constraint: Member must satisfy enum value set: [File, Pipe]"
        )
    }

    @Test func `strings of lists and maps are reported at their container`() {
        #expect(
            message(Job(jobName: "a", channels: [], images: ["abcd"], environment: ["A": "b", "c": ""]))
                == "4 validation errors detected: "
                + "Value '[]' at 'channels' failed to satisfy constraint: "
                + "Member must have length greater than or equal to 1; "
                + "Value '[abcd]' at 'images' failed to satisfy constraint: Member must satisfy constraint: "
                + "[Member must have length less than or equal to 3]; "
                + "Value '{A}' at 'environment' failed to satisfy constraint: Map keys must satisfy constraint: "
                + "[Member must have length less than or equal to 5, "
                + "Member must have length greater than or equal to 1, "
                + "Member must satisfy regular expression pattern: ^[a-z]+]; "
                + "Value '{c=}' at 'environment' failed to satisfy constraint: Map value must satisfy constraint: "
                + "[Member must have length less than or equal to 5, "
                + "Member must have length greater than or equal to 1, "
                + "Member must satisfy regular expression pattern: ^[a-z]+]"
        )
    }

    @Test func `a hostile request gets a bounded answer`() throws {
        let channels = Array(
            repeating: Channel(inputMode: String(repeating: "x", count: 10_000)),
            count: 10_000
        )
        let text = try #require(message(Job(jobName: "a", channels: channels)))
        #expect(text.utf8.count < 200_000)
    }
}
