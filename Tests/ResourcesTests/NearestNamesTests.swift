import Resources
import Testing

@Suite struct NearestNamesTests {
    @Test func `the nearest come first, and what is far away not at all`() {
        let names = ["ml.m5.large", "ml.m4.large", "ml.m5.xlarge", "ml.p4d.24xlarge"]
        #expect(NearestNames.to("ml.m5.lagre", among: names, atMost: 2) == ["ml.m5.large", "ml.m4.large"])
        #expect(NearestNames.to("ML.M5.XLARGE", among: names, atMost: 1) == ["ml.m5.xlarge"])
        #expect(NearestNames.to("gpu", among: names, atMost: 3) == [])
        #expect(NearestNames.to(String(repeating: "x", count: 101), among: names, atMost: 3) == [])
    }

    @Test func `an unknown instance type is answered with those near it`() {
        let advice = InstanceCatalogue.advice(for: "ml.m5.lage", in: "create-endpoint-config")
        #expect(advice.hasPrefix("Near it are ml.m5.large, "))
        #expect(advice.count < 200)
        #expect(advice.hasSuffix("`aws sagemaker create-endpoint-config help` lists all."))
        let none = InstanceCatalogue.advice(for: "none", in: "create-training-job")
        #expect(none.hasPrefix("`aws sagemaker create-training-job help`"))
    }
}
