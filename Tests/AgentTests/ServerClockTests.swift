import Agent
import Foundation
import Testing

/// The time that signatures carry.
@Suite struct ServerClockTests {
    private let clock = ServerClock(local: { Date(timeIntervalSince1970: 1_000_000) })

    @Test func itIsTheMachinesUntilTheServerSaysOtherwise() {
        #expect(clock.now.timeIntervalSince1970 == 1_000_000)
        clock.set(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(clock.now.timeIntervalSince1970 == 784_111_777)
        clock.set(httpDate: "Mon, 12 Jan 1970 13:46:40 GMT")
        #expect(clock.now.timeIntervalSince1970 == 1_000_000)
    }

    @Test(arguments: [nil, "", "yesterday", "1994-11-06T08:49:37Z"])
    func whatIsNoDateChangesNothing(_ text: String?) {
        clock.set(httpDate: text)
        #expect(clock.now.timeIntervalSince1970 == 1_000_000)
    }
}
