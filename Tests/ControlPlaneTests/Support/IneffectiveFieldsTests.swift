import ControlPlane
import SageMakerAPI
import Testing

@Suite struct IneffectiveFieldsTests {
    @Test func `a request that asks for nothing special is told nothing`() {
        #expect(IneffectiveFields.notices(SageMaker.CreateTrainingJobRequest()).isEmpty)
        #expect(IneffectiveFields.notices(SageMaker.CreateModelInput()).isEmpty)
        #expect(IneffectiveFields.notices(SageMaker.CreateEndpointConfigInput()).isEmpty)
    }

    @Test func `every field without effect is named once, with the reason`() {
        var request = SageMaker.CreateTrainingJobRequest()
        request.vpcConfig = .init(securityGroupIds: ["sg-1"], subnets: ["subnet-1"])
        request.enableManagedSpotTraining = true
        let notices = IneffectiveFields.notices(request)
        #expect(
            notices == [
                "VpcConfig has no effect here: instances have a network of their own on this machine.",
                "EnableManagedSpotTraining has no effect here: nothing interrupts an instance here.",
            ]
        )
    }

    @Test func `a field that is switched off is not mentioned`() {
        var request = SageMaker.CreateTrainingJobRequest()
        request.enableManagedSpotTraining = false
        request.profilerConfig = .init(disableProfiler: true)
        request.resourceConfig = .init(instanceType: "ml.m5.large", keepAlivePeriodInSeconds: 0)
        #expect(IneffectiveFields.notices(request).isEmpty)
        request.profilerConfig = .init(disableProfiler: false)
        #expect(IneffectiveFields.notices(request).count == 1)
    }

    @Test func `one variant with a field is enough`() {
        var request = SageMaker.CreateEndpointConfigInput()
        request.productionVariants = [
            .init(variantName: "A"), .init(variantName: "B", acceleratorType: "ml.eia2.medium"),
        ]
        let notices = IneffectiveFields.notices(request)
        #expect(notices.count == 1)
        #expect(notices.first?.hasPrefix("ProductionVariants.AcceleratorType has no effect") == true)
    }
}
