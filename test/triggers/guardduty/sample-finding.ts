import { accountId, instanceId, region } from '../../case/sample-before.ts';

/** A GuardDuty finding about the sample instance, with what should be different in its parts. */
export const findingWith = (
  changes: {
    readonly detail?: object;
    readonly service?: object;
    readonly instance?: object;
    readonly resource?: object;
    readonly envelope?: object;
  } = {},
) => ({
  version: '0',
  id: '3d1f7b52-6a0e-4b8c-9c55-0b8f5a7e4d21',
  'detail-type': 'GuardDuty Finding',
  source: 'aws.guardduty',
  account: accountId,
  time: '2026-11-20T02:57:43Z',
  region,
  resources: [],
  detail: {
    schemaVersion: '2.0',
    accountId,
    region,
    partition: 'aws',
    id: 'a4c1f0e2b3d4958677a8b9c0d1e2f304',
    type: 'Backdoor:EC2/C&CActivity.B',
    severity: 8,
    updatedAt: '2026-11-20T02:57:42.000Z',
    title: 'The EC2 instance talks to a command-and-control server.',
    resource: {
      resourceType: 'Instance',
      instanceDetails: {
        instanceId,
        tags: [{ key: 'Name', value: 'web-1' }],
        ...changes.instance,
      },
      ...changes.resource,
    },
    service: {
      serviceName: 'guardduty',
      resourceRole: 'TARGET',
      additionalInfo: { value: '{}', type: 'default' },
      eventLastSeen: '2026-11-20T02:57:41.000Z',
      archived: false,
      ...changes.service,
    },
    ...changes.detail,
  },
  ...changes.envelope,
});

/** The Critical finding about a group of instances, which has no instanceDetails. */
export const attackSequenceOf = (resources: readonly unknown[]) =>
  findingWith({
    detail: {
      type: 'AttackSequence:EC2/CompromisedInstanceGroup',
      severity: 9,
      resource: { resourceType: 'AttackSequence' },
    },
    service: { featureName: 'Correlation', detection: { sequence: { resources } } },
  });
