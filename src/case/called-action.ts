/** The prefixes under which IAM and CloudTrail know the actions of a client. */
const prefixes: Readonly<Record<string, string>> = {
  AthenaClient: 'athena',
  AutoScalingClient: 'autoscaling',
  CloudFormationClient: 'cloudformation',
  CloudWatchClient: 'cloudwatch',
  DynamoDBClient: 'dynamodb',
  EBSClient: 'ebs',
  EC2Client: 'ec2',
  ElasticLoadBalancingClient: 'elasticloadbalancing',
  ElasticLoadBalancingV2Client: 'elasticloadbalancing',
  IAMClient: 'iam',
  KMSClient: 'kms',
  S3Client: 's3',
  SFNClient: 'states',
  SNSClient: 'sns',
  SQSClient: 'sqs',
  SSMClient: 'ssm',
  STSClient: 'sts',
  SecurityHubClient: 'securityhub',
};

/** As IAM names what a client called: `ec2:DescribeInstances`. */
export const calledAction = (clientName: string, commandName: string): string => {
  const prefix = prefixes[clientName] ?? clientName.replace(/Client$/, '').toLowerCase();
  return `${prefix}:${commandName.replace(/Command$/, '')}`;
};

/** Whether a call changes nothing; a person who reads `Get…` in an action expects that. */
export const onlyReads = (action: string): boolean =>
  /:(?:BatchGet|Describe|Filter|Get|Head|List|Lookup|Query|Scan|Search|Simulate)/.test(action);
