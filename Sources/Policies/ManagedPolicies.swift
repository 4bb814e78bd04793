/// The policies that exist from the start: AWS's that users of SageMaker attach, and one of Clary's.
///
/// AWS's say what theirs say about the services that Clary has; what they say about others is left out.
/// Networks are the exception: the SDK asks whether a role may join one before it creates anything.
package enum ManagedPolicies {
    package static let prefix = "arn:aws:iam::aws:policy/"

    /// What `ClaryExecutionRole` may do: the platform's data, logs and models, and no administration.
    package static let executionRole = prefix + "service-role/ClaryExecutionRolePolicy"

    /// The document of a policy by its ARN.
    package static func document(of arn: String) -> String? { documents[arn] }

    /// Every ARN, sorted.
    package static let arns = documents.keys.sorted()

    private static let documents: [String: String] = [
        "AdministratorAccess": #"{"Effect":"Allow","Action":"*","Resource":"*"}"#,
        "PowerUserAccess": """
        {"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},\
        {"Effect":"Allow","Action":["iam:ListRoles"],"Resource":"*"}
        """,
        "ReadOnlyAccess": """
        {"Effect":"Allow","Action":["sagemaker:Describe*","sagemaker:List*","sagemaker:Get*","sagemaker:Search",\
        "s3:Get*","s3:List*","logs:Describe*","logs:Get*","logs:FilterLogEvents","iam:Get*","iam:List*",\
        "iam:Simulate*","sts:GetCallerIdentity","cloudwatch:Get*","cloudwatch:List*","cloudwatch:Describe*",\
        "ecr:Get*","ecr:List*","ecr:Describe*","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"],\
        "Resource":"*"}
        """,
        "IAMFullAccess": #"{"Effect":"Allow","Action":"iam:*","Resource":"*"}"#,
        "IAMReadOnlyAccess": """
        {"Effect":"Allow","Action":["iam:Get*","iam:List*","iam:Simulate*"],"Resource":"*"}
        """,
        "AmazonS3FullAccess": #"{"Effect":"Allow","Action":["s3:*"],"Resource":"*"}"#,
        "AmazonS3ReadOnlyAccess": """
        {"Effect":"Allow","Action":["s3:Get*","s3:List*","s3:Describe*"],"Resource":"*"}
        """,
        "CloudWatchLogsFullAccess": #"{"Effect":"Allow","Action":["logs:*","cloudwatch:*"],"Resource":"*"}"#,
        "CloudWatchLogsReadOnlyAccess": """
        {"Effect":"Allow","Action":["logs:Describe*","logs:Get*","logs:List*","logs:FilterLogEvents"],\
        "Resource":"*"}
        """,
        "AmazonSageMakerReadOnly": """
        {"Effect":"Allow","Action":["sagemaker:Describe*","sagemaker:List*","sagemaker:BatchGetMetrics",\
        "sagemaker:GetDeviceFleetReport","sagemaker:GetSearchSuggestions","sagemaker:BatchGetRecord",\
        "sagemaker:GetRecord","sagemaker:Search","sagemaker:QueryLineage"],"Resource":"*"},\
        {"Effect":"Allow","Action":["cloudwatch:DescribeAlarms","ecr:Describe*","logs:DescribeLogGroups"],\
        "Resource":"*"}
        """,
        "AmazonSageMakerFullAccess": """
        {"Effect":"Allow","Action":["sagemaker:*"],"Resource":"*"},\
        {"Effect":"Allow","Action":["cloudwatch:*","logs:CreateLogDelivery","logs:CreateLogGroup",\
        "logs:CreateLogStream","logs:DeleteLogDelivery","logs:Describe*","logs:GetLogDelivery","logs:GetLogEvents",\
        "logs:FilterLogEvents","logs:ListLogDeliveries","logs:PutLogEvents","logs:PutResourcePolicy",\
        "logs:UpdateLogDelivery","ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:CreateRepository",\
        "ecr:Describe*","ecr:GetAuthorizationToken","ecr:GetDownloadUrlForLayer","ecr:StartImageScan",\
        "ec2:CreateNetworkInterface","ec2:CreateNetworkInterfacePermission","ec2:DeleteNetworkInterface",\
        "ec2:DeleteNetworkInterfacePermission","ec2:DescribeDhcpOptions","ec2:DescribeNetworkInterfaces",\
        "ec2:DescribeSecurityGroups","ec2:DescribeSubnets","ec2:DescribeVpcs",\
        "iam:ListRoles","tag:GetResources"],"Resource":"*"},\
        {"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject","s3:AbortMultipartUpload"],\
        "Resource":["arn:aws:s3:::*SageMaker*","arn:aws:s3:::*Sagemaker*","arn:aws:s3:::*sagemaker*",\
        "arn:aws:s3:::*aws-glue*"]},\
        {"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::*"],\
        "Condition":{"StringEqualsIgnoreCase":{"s3:ExistingObjectTag/SageMaker":"true"}}},\
        {"Effect":"Allow","Action":["s3:CreateBucket","s3:GetBucketLocation","s3:ListBucket",\
        "s3:ListAllMyBuckets","s3:GetBucketCors","s3:PutBucketCors"],"Resource":"*"},\
        {"Effect":"Allow","Action":["s3:GetBucketAcl","s3:PutObjectAcl"],"Resource":["arn:aws:s3:::*SageMaker*",\
        "arn:aws:s3:::*Sagemaker*","arn:aws:s3:::*sagemaker*"]},\
        {"Effect":"Allow","Action":["iam:PassRole"],"Resource":"arn:aws:iam::*:role/*",\
        "Condition":{"StringEquals":{"iam:PassedToService":["sagemaker.amazonaws.com"]}}}
        """,
        "service-role/ClaryExecutionRolePolicy": """
        {"Effect":"Allow","Action":["s3:*"],"Resource":"*"},\
        {"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents",\
        "logs:Describe*","logs:Get*","logs:FilterLogEvents","cloudwatch:PutMetricData","cloudwatch:Get*",\
        "cloudwatch:List*","ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:Describe*",\
        "ecr:GetAuthorizationToken","ecr:GetDownloadUrlForLayer","sagemaker:Describe*","sagemaker:List*",\
        "sagemaker:Search","sagemaker:InvokeEndpoint*","sagemaker:BatchPutMetrics","sagemaker:BatchGetMetrics",\
        "sagemaker:GetRecord","sagemaker:PutRecord","sagemaker:BatchGetRecord","sts:GetCallerIdentity",\
        "ec2:CreateNetworkInterface","ec2:CreateNetworkInterfacePermission","ec2:DeleteNetworkInterface",\
        "ec2:DeleteNetworkInterfacePermission","ec2:DescribeDhcpOptions","ec2:DescribeNetworkInterfaces",\
        "ec2:DescribeSecurityGroups","ec2:DescribeSubnets","ec2:DescribeVpcs",\
        "iam:GetRole"],"Resource":"*"}
        """,
    ].reduce(into: [:]) { documents, entry in
        documents[prefix + entry.key] = #"{"Version":"2012-10-17","Statement":["# + entry.value + "]}"
    }
}
