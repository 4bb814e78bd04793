import ControlPlane
import Testing

/// What a job's history shows when somebody sets the clock.
@Suite struct TimelineTests {
    private let start = ContinuousClock.now

    @Test func itFollowsAClockThatIsKeptRight() {
        var timeline = Timeline(after: 100)
        let stamps = [(101.0, 0.0), (103.5, 2.0), (104.0, 3.0)].map {
            timeline.stamp($0, at: start + .seconds($1))
        }
        #expect(stamps == [101, 103.5, 104])
    }

    @Test func aJumpNeitherLengthensNorTurnsAround() {
        var timeline = Timeline(after: 100)
        let stamps = [(100.0, 0.0), (200_000, 5), (200_004, 9), (-500, 10), (-490, 20)].map {
            timeline.stamp($0, at: start + .seconds($1))
        }
        #expect(stamps == [100, 105, 109, 110, 120])
    }

    @Test func afterARestartNothingIsBeforeWhatIsWritten() {
        var timeline = Timeline(after: 100)
        let first = timeline.stamp(50, at: start)
        let second = timeline.stamp(53, at: start + .seconds(3))
        #expect(first == 100)
        #expect(second == 103)
    }

    @Test func aClockThatIsSetBackALittleDoesNotTurnItAround() {
        var timeline = Timeline(after: 0)
        let stamps = [(10.0, 0.0), (9.5, 0.1)].map { timeline.stamp($0, at: start + .seconds($1)) }
        #expect(stamps == [10, 10])
    }
}
