/**
 * What a person can do with an instance that an AWS service manages. EC2 lets only that service
 * change its interfaces, attributes and end
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/amazon-ec2-managed-instances.html).
 */
const ways: Readonly<Record<string, string>> = {
  'eks.amazonaws.com':
    'in EKS, keep new pods off the node (kubectl cordon <node>), let its pods reach nobody by a NetworkPolicy, and at last, with its snapshots taken, end it (kubectl delete node <node>)',
  'ecs.amazonaws.com':
    'in ECS, keep new tasks off it (aws ecs update-container-instances-state --status DRAINING), stop its tasks, and at last, with its snapshots taken, deregister it (aws ecs deregister-container-instance --force)',
  'lambda.amazonaws.com':
    'in Lambda, take the functions off its capacity provider, and at last, with its snapshots taken, delete the capacity provider',
};

/** How an operator, by its service principal, takes its own instance out of use. */
export const operatorWay = (operator: string): string =>
  ways[operator] ?? `take it out of use in ${operator}, with its snapshots taken first`;

/** In one sentence: who may act, how, and what cuts the host off whoever manages it. */
export const operatorAdvice = (operator: string): string =>
  `Only ${operator} can change this instance: ${operatorWay(operator)}; meanwhile deny the remote addresses in the network ACL of its subnet, both directions.`;
