import { findingWith } from './sample-finding.ts';

/** An actor of a finding, as GuardDuty writes the session of a role. */
export interface SampleActor {
  readonly id?: string;
  readonly user?: object;
  readonly session?: object;
}

/**
 * A finding of a custom detection rule: a sequence of one signal, about an instance
 * (https://docs.aws.amazon.com/guardduty/latest/ug/findings-custom-detection-rules.html).
 */
export const customRuleFinding = ({
  instanceId,
  actors,
  signals = [{ name: 'EC2TerminationProtectionEnabled' }],
  type = 'DefenseImpairment:EC2/DisableOrModifyTools',
  severity = 3,
}: {
  readonly instanceId: string;
  readonly actors: readonly SampleActor[];
  readonly signals?: readonly object[];
  readonly type?: string;
  readonly severity?: number | null;
}) =>
  findingWith({
    detail: { type, severity, resource: { resourceType: 'AttackSequence' } },
    service: {
      featureName: 'CustomDetectionRules',
      detection: {
        sequence: {
          actors,
          signals: signals.map((signal) => ({
            type: 'CLOUD_TRAIL',
            actorIds: actors.map(({ id }) => id),
            ...signal,
          })),
          resources: [{ uid: instanceId, resourceType: 'EC2_INSTANCE' }],
        },
      },
    },
  });

/** A finding about an API call, with the credentials that made it. */
export const apiCallFinding = (principalId: string, api: string, changes: object = {}) =>
  findingWith({
    detail: { type: 'DefenseImpairment:EC2/DisableOrModifyTools', severity: 3, ...changes },
    resource: {
      accessKeyDetails: { principalId, userName: 'cordon-ProtectFunctionRole-1XQ7A0ZJ5K3M' },
    },
    service: { action: { actionType: 'AWS_API_CALL', awsApiCallAction: { api } } },
  });
