import { randomUUID } from 'node:crypto';
import type { AwsRequest } from './aws-request.ts';
import type { Answer } from './fault-answers.ts';
import { ec2Error } from './fault-answers.ts';
import { isRead } from './read-actions.ts';
import type { CallParams } from './traffic.ts';

/** Remembers what reads were answered, to answer some of them late. */
export interface StaleReads {
  /**
   * Takes note of an answer as the caller gets it.
   *
   * @param body the XML or JSON of an answer without error.
   */
  remember(request: AwsRequest, body: string): void;
  /**
   * What a lagging read is answered instead of the fresh answer; undefined when the past is not
   * known to have been different.
   */
  outdated(request: AwsRequest, freshBody: string): Answer | undefined;
  forget(): void;
}

/** Services whose reads are eventually consistent; the others' answers are not worth the memory. */
const REMEMBERED = new Set(['ec2', 'autoscaling', 'elasticloadbalancing', 'iam', 'ssm']);

interface ResourceKind {
  /** The id in parameters and answers, such as `sg-0123…`. */
  readonly id: RegExp;
  /** The parameters by which a read asks for certain resources. */
  readonly byId: RegExp;
  /** The element that lists the resources. */
  readonly list: string;
  readonly notFound: { readonly code: string; say(id: string): string };
}

const INSTANCES: ResourceKind = {
  id: /\bi-[0-9a-f]{8,17}\b/g,
  byId: /^InstanceId(?:\.\d+)?$/,
  list: 'reservationSet',
  notFound: {
    code: 'InvalidInstanceID.NotFound',
    say: (id) => `The instance ID '${id}' does not exist`,
  },
};

const KINDS: Readonly<Record<string, ResourceKind>> = {
  DescribeInstances: INSTANCES,
  DescribeInstanceAttribute: INSTANCES,
  DescribeNetworkInterfaces: {
    id: /\beni-[0-9a-f]{8,17}\b/g,
    byId: /^NetworkInterfaceId\.\d+$/,
    list: 'networkInterfaceSet',
    notFound: {
      code: 'InvalidNetworkInterfaceID.NotFound',
      say: (id) => `The networkInterface ID '${id}' does not exist`,
    },
  },
  DescribeSecurityGroups: {
    id: /\bsg-[0-9a-f]{8,17}\b/g,
    byId: /^GroupId\.\d+$/,
    list: 'securityGroupInfo',
    notFound: {
      code: 'InvalidGroup.NotFound',
      say: (id) => `The security group '${id}' does not exist`,
    },
  },
  DescribeSnapshots: {
    id: /\bsnap-[0-9a-f]{8,17}\b/g,
    byId: /^SnapshotId\.\d+$/,
    list: 'snapshotSet',
    notFound: {
      code: 'InvalidSnapshot.NotFound',
      say: (id) => `The snapshot '${id}' does not exist.`,
    },
  },
  DescribeVolumes: {
    id: /\bvol-[0-9a-f]{8,17}\b/g,
    byId: /^VolumeId\.\d+$/,
    list: 'volumeSet',
    notFound: {
      code: 'InvalidVolume.NotFound',
      say: (id) => `The volume '${id}' does not exist.`,
    },
  },
};

const ANY_ID = /\b(?:i|eni|sg|snap|vol)-[0-9a-f]{8,17}\b/g;

const entriesOf = (params: CallParams): [string, unknown][] =>
  params instanceof URLSearchParams ? [...params] : Object.entries(params);

const keyOf = ({ service, action, params }: AwsRequest): string =>
  JSON.stringify([service, action, entriesOf(params).sort(([a], [b]) => (a < b ? -1 : 1))]);

const withoutRequestId = (body: string): string =>
  body.replaceAll(/<(requestId)>[^<]*<\/\1>/gi, '');

const xml = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/xml;charset=UTF-8' },
  body,
});

const emptyList = (action: string, list: string): Answer =>
  xml(
    200,
    `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">` +
      `<requestId>${randomUUID()}</requestId><${list}/></${action}Response>`,
  );

/** The memory of an emulator that has answered nothing yet. */
export const createStaleReads = (): StaleReads => {
  /** The last answer to each read, and the last one that was different from it. */
  const answers = new Map<string, { last: string; before?: string }>();
  /** Ids that a read has shown; one that no read has shown is as good as just created. */
  const shown = new Set<string>();

  const ofUnshown = ({ action, params }: AwsRequest, freshBody: string): Answer | undefined => {
    const kind = KINDS[action];
    if (kind === undefined) return undefined;
    const asked = entriesOf(params).flatMap(([name, value]) =>
      kind.byId.test(name) ? [String(value)] : [],
    );
    const unknown = asked.find((id) => !shown.has(id));
    if (unknown !== undefined) {
      return ec2Error({ status: 400, code: kind.notFound.code }, kind.notFound.say(unknown));
    }
    const found = freshBody.match(kind.id) ?? [];
    const isAllNew = found.length > 0 && found.every((id) => !shown.has(id));
    return asked.length === 0 && isAllNew ? emptyList(action, kind.list) : undefined;
  };

  return {
    remember(request, body) {
      if (!REMEMBERED.has(request.service) || !isRead(request.action)) return;
      for (const id of body.match(ANY_ID) ?? []) shown.add(id);
      const key = keyOf(request);
      const known = answers.get(key);
      if (known === undefined) answers.set(key, { last: body });
      else if (withoutRequestId(known.last) !== withoutRequestId(body)) {
        answers.set(key, { last: body, before: known.last });
      }
    },
    outdated(request, freshBody) {
      const known = answers.get(keyOf(request));
      if (known === undefined) {
        return request.service === 'ec2' ? ofUnshown(request, freshBody) : undefined;
      }
      const isChanged = withoutRequestId(known.last) !== withoutRequestId(freshBody);
      const past = isChanged ? known.last : known.before;
      return past === undefined ? undefined : xml(200, past);
    },
    forget() {
      answers.clear();
      shown.clear();
    },
  };
};
