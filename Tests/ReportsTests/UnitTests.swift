import Reports
import Testing

@Suite struct UnitTests {
    @Test(arguments: [
        (0.0, "0.0 s"), (0.44, "0.4 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (60.0, "1 min"),
        (200.0, "3 min 20 s"), (3600.0, "1 h"), (7500.0, "2 h 5 min"), (86_400.0, "1 d"),
        (100_800.0, "1 d 4 h"),
        (-1.0, "0.0 s"),
    ])
    func `durations in words`(seconds: Double, text: String) { #expect(Units.duration(seconds) == text) }

    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (8_375_186_227, "7.8 GiB"),
        (1 << 34, "16 GiB"), (1_073_741_823, "1 GiB"), (150 << 20, "150 MiB"),
    ])
    func `sizes in words`(bytes: Int, text: String) { #expect(Units.bytes(bytes) == text) }

    @Test func `numbers and nouns`() {
        #expect(Units.number(2) == "2")
        #expect(Units.number(0.5) == "0.5")
        #expect(Units.count(1, "job") == "1 job")
        #expect(Units.count(0, "job") == "0 jobs")
    }
}
