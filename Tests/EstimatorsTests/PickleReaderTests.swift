import Estimators
import Testing

@Suite struct PickleReaderTests {
    /// Pickles in the shape that Python gives to a Booster, written by hand.
    private enum Shape: CaseIterable {
        case protocol2
        case protocol4
        case protocol5
        case python2

        func pickle(handle: [UInt8]) -> [UInt8] {
            func short(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
            func unicode(_ text: String) -> [UInt8] { [0x58] + little(text.utf8.count, 4) + Array(text.utf8) }
            func little(_ number: Int, _ bytes: Int) -> [UInt8] {
                (0..<bytes).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            }
            let latin1 = String(String.UnicodeScalarView(handle.map { Unicode.Scalar($0) }))
            switch self {
            case .protocol2:
                return [0x80, 2] + Array("cxgboost.core\nBooster\n".utf8) + [
                    0x71, 0, 0x29, 0x81, 0x71, 1, 0x7D, 0x71, 2, 0x28,
                ]
                    + unicode("handle") + Array("cbuiltins\nbytearray\n".utf8) + unicode(latin1)
                    + unicode("latin-1")
                    + [0x86, 0x52] + unicode("feature_names") + [0x4E, 0x75, 0x62, 0x2E]
            case .protocol4:
                return [0x80, 4, 0x95] + little(0, 8) + short("xgboost.core") + [0x94] + short("Booster")
                    + [0x94, 0x93, 0x29, 0x81, 0x94, 0x7D, 0x94, 0x28] + short("feature_names") + [
                        0x5D, 0x94, 0x28,
                    ]
                    + short("f0") + short("f1") + [0x65] + short("handle") + short("builtins")
                    + short("bytearray")
                    + [0x93, 0x42] + little(handle.count, 4) + handle + [0x85, 0x52, 0x94, 0x75, 0x62, 0x2E]
            case .protocol5:
                return [0x80, 5] + short("xgboost.core") + short("Booster") + [0x93, 0x29, 0x81, 0x7D]
                    + short("handle")
                    + [0x96] + little(handle.count, 8) + handle + [0x73, 0x62, 0x2E]
            case .python2:
                return Array(
                    "ccopy_reg\n_reconstructor\n(cxgboost.core\nBooster\nc__builtin__\nobject\nNtR(d".utf8
                )
                    + [0x55, 6] + Array("handle".utf8) + Array("c__builtin__\nbytearray\n(".utf8)
                    + unicode(latin1)
                    + Array("tRsb.".utf8)
            }
        }
    }

    private let handle: [UInt8] = Array("binf".utf8) + (0...255).map { UInt8($0) }

    @Test(arguments: 0..<4)
    func `the handle is found in every protocol`(index: Int) throws {
        let pickle = Shape.allCases[index].pickle(handle: handle)
        #expect(PickleReader.isPickle(pickle))
        #expect(try PickleReader.boosterHandle(in: pickle) == handle)
    }

    @Test func `a call to anything else is looked at and not made`() {
        // os.system("true") as a pickle would call it.
        let pickle =
            [0x80, 2] + Array("cos\nsystem\n".utf8) + [0x58, 4, 0, 0, 0] + Array("true".utf8) + [
                0x85, 0x52, 0x2E,
            ]
        #expect(throws: PickleReader.Failure.noBooster) { try PickleReader.boosterHandle(in: pickle) }
    }

    @Test func `another class with a handle is no Booster`() {
        let pickle =
            [0x80, 2] + Array("cevil\nBooster\n".utf8) + [0x29, 0x81, 0x7D, 0x55, 6] + Array("handle".utf8)
            + [0x55, 1, 0x41, 0x73, 0x62, 0x2E]
        #expect(throws: PickleReader.Failure.noBooster) { try PickleReader.boosterHandle(in: pickle) }
    }

    @Test(
        arguments: [
            [0x80, 2, 0x2E], [0x80, 4, 0x30], [0x80, 4, 0x42, 0xFF, 0xFF, 0xFF, 0xFF, 1],
            [0x80, 4, 0x8D, 0xFF, 0xFF, 0xFF],
            [0x80, 4, 0x96] + [UInt8](repeating: 0xFF, count: 8), [0x80, 4, 0x68, 9], [0x80, 4, 0x62],
            [0x80, 4, 0xFE],
            [0x80, 4, 0x75], [0x80, 4, 0x52],
        ] as [[UInt8]]
    )
    func `a cut or senseless pickle is an error`(pickle: [UInt8]) {
        #expect(throws: PickleReader.Failure.self) { try PickleReader.boosterHandle(in: pickle) }
    }

    @Test func `a pickle that only piles up values ends`() {
        let pickle = [0x80, 4] + [UInt8](repeating: 0x28, count: PickleReader.operationLimit + 10)
        #expect(throws: PickleReader.Failure.tooManyOperations) { try PickleReader.boosterHandle(in: pickle) }
    }

    @Test func `damaged pickles neither crash nor hang the reader`() {
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var refused = 0
        for _ in 0..<20_000 {
            var pickle = Shape.allCases[random(4)].pickle(handle: [1, 2, 3, 200])
            for _ in 0..<1 + random(4) {
                let place = random(pickle.count)
                switch random(3) {
                case 0: pickle[place] = UInt8(random(256))
                case 1: pickle.remove(at: place)
                default: pickle.insert(UInt8(random(256)), at: place)
                }
            }
            do { _ = try PickleReader.boosterHandle(in: pickle) } catch { refused += 1 }
        }
        #expect(refused > 1000)
    }
}
