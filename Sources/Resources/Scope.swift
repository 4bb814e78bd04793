/// The account and region that everything stored belongs to.
package struct Scope: Hashable, Sendable, Codable {
    package let account: AccountID
    package let region: Region

    package init(account: AccountID, region: Region) {
        self.account = account
        self.region = region
    }

    /// The ARN of a SageMaker resource.
    ///
    /// - Parameters:
    ///   - type: ARN type segment, such as `training-job`.
    ///   - name: Resource name in its own case.
    /// - Returns: `arn:<partition>:sagemaker:<region>:<account>:<type>/<name>`, the name in lower case as the
    ///   service does.
    package func sageMakerARN(_ type: String, _ name: String) -> String {
        "arn:\(region.partition):sagemaker:\(region):\(account):\(type)/\(name.lowercased())"
    }
}
