import { codeOf, inWords } from '../../aws/errors.ts';

interface Refused {
  readonly interfaceId: string;
  readonly instanceType: string;
  readonly targetId: string;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const known: Readonly<Record<string, (about: Refused) => string>> = {
  NetworkInterfaceNotSupported: ({ interfaceId, instanceType }) =>
    `AWS mirrors no traffic of ${interfaceId}: the instance type ${instanceType} or the kind of the interface does not allow it; use flow logs instead`,
  TrafficMirrorSessionsPerInterfaceLimitExceeded: ({ interfaceId }) =>
    `${interfaceId} has three traffic mirror sessions already, which is all that AWS allows: delete one that nobody needs, and contain again`,
  TrafficMirrorSourcesPerTargetLimitExceeded: ({ targetId }) =>
    `${targetId} takes no further source: mirror to a Network Load Balancer or a Gateway Load Balancer endpoint`,
  TrafficMirrorSessionsPerTargetLimitExceeded: ({ targetId }) =>
    `${targetId} takes no further session: mirror to a Network Load Balancer or a Gateway Load Balancer endpoint`,
  'InvalidTrafficMirrorTargetId.NotFound': ({ targetId }) =>
    `${targetId} is no traffic mirror target of this Region that this account may use: correct MirrorTargetId, or share the target with this account`,
  InterfaceInUseByTrafficMirrorTarget: ({ interfaceId }) =>
    `${interfaceId} is itself a traffic mirror target, so its traffic cannot be mirrored`,
};

/** Why an interface is not mirrored, and what to do; in AWS's own words where they are no known ones. */
export const refusalInWords = (error: unknown, about: Refused): string =>
  known[codeOf(error)]?.(about) ?? `${about.interfaceId} is not mirrored (${inWords(error)})`;
