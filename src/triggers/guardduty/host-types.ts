/**
 * Types that are about a host, whatever their resource says. Malware that was found in a snapshot, an
 * image or a recovery point concerns no instance that runs
 * (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-active.html).
 */
const ofHosts =
  /:(?:EC2|Runtime)\/(?!.*!(?:Snapshot|AMI|RecoveryPoint)$)|\/InstanceCredentialExfiltration/;

/** Credentials of an instance were used elsewhere; the finding is about an access key. */
export const isExfiltrationType = (type: string): boolean =>
  /\/InstanceCredentialExfiltration(?:\.|$)/.test(type);

export const isTypeOfHosts = (type: string): boolean => ofHosts.test(type);

/** A sequence about a cluster names the nodes, which run the workloads of others too. */
const ofClusters = /^AttackSequence:(?:EKS|ECS)\//;

export const isTypeOfClusters = (type: string): boolean => ofClusters.test(type);
