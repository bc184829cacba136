import { PublishCommand } from '@aws-sdk/client-sns';
import type { Deps } from '../../aws/clients.ts';
import { inWords } from '../../aws/errors.ts';
import { readNetworkAcls } from '../../aws/network-acls.ts';
import { readTags } from '../../aws/tags.ts';
import { defined } from '../../case/defined.ts';
import { planDeny } from '../../case/network-acl.ts';
import type { LivingNews } from '../../notify/living-message.ts';
import { livingMessage } from '../../notify/living-message.ts';
import type { Table } from '../../record/case-table/condition.ts';
import { livingPermissions, noteLiving } from '../../record/case-table/living-case.ts';
import { caseTag, statusTag } from '../../record/trail/keys.ts';
import { writeStory } from '../../release/seal-story.ts';
import type { EvidenceInput } from '../kind.ts';
import type { LivingConnection } from './measure.ts';
import { connectionWords } from './peer-words.ts';

/** What it takes to tell of a connection, and to say that the case is not contained. */
export const livingStatusPermissions = [
  'ec2:DescribeNetworkAcls',
  'ec2:DescribeTags',
  'ec2:CreateTags',
  ...livingPermissions,
] as const;

export type LivingDeps = Deps<'ec2' | 'sns'> & { readonly table: Table };

const isoOf = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** What of the message can be left out where AWS does not answer. */
const deniesFor = async (
  { clients, log }: LivingDeps,
  { before }: EvidenceInput,
  { interfaceId, peer }: LivingConnection,
): Promise<LivingNews['denies']> => {
  try {
    const own = before.instance.networkInterfaces.find(({ id }) => id === interfaceId);
    const subnets = own === undefined ? [] : [own.subnetId, ...(own.associatedSubnetIds ?? [])];
    const acls = await readNetworkAcls(clients.ec2, subnets);
    return acls.flatMap((acl) =>
      [true, false].flatMap((egress) => {
        const deny = planDeny(acl, peer, egress);
        return deny.kind === 'deny' ? [{ aclId: acl.id, entry: deny.entry }] : [];
      }),
    );
  } catch (error) {
    log.warn('the network ACLs could not be read', { interfaceId, error: inWords(error) });
    return [];
  }
};

const publish = async (
  deps: LivingDeps,
  input: EvidenceInput,
  living: LivingConnection,
): Promise<void> => {
  const { clients, log, settings } = deps;
  const { caseId, accountId, region } = input.case;
  const record = await deps.recordHead?.(caseId);
  const message = livingMessage({
    ...defined({ record }),
    ...{ caseId, accountId, region },
    instance: input.before.instance,
    interfaceId: living.interfaceId,
    peer: living.peer,
    connection: connectionWords(living),
    bytes: living.bytes,
    from: isoOf(living.from),
    until: isoOf(living.until),
    denies: await deniesFor(deps, input, living),
  });
  log.error('a connection lives after the cut', { caseId, living, message });
  if (settings.notificationTopicArn === '') return;
  await clients.sns.send(
    new PublishCommand({ TopicArn: settings.notificationTopicArn, ...message }),
  );
};

const endedOrEnding = ['released', 'closed', 'releasing', 'release-incomplete'];

/** The tag says it beside the table; that of another case, or of a release, is left alone. */
const tagPartial = async (deps: LivingDeps, input: EvidenceInput): Promise<void> => {
  const { instanceId, caseId } = input.case;
  const tags = (await readTags(deps.clients.ec2, [instanceId])).get(instanceId) ?? {};
  const status = tags[statusTag] ?? '';
  if (tags[caseTag] !== caseId || endedOrEnding.includes(status) || status === 'partial') return;
  await writeStory(deps, input, { [statusTag]: 'partial' }, 'remembered');
};

const beside = async (
  { log }: LivingDeps,
  { case: { caseId } }: EvidenceInput,
  what: string,
  work: Promise<unknown>,
): Promise<void> => {
  try {
    await work;
  } catch (error) {
    log.error(`${what} does not say that a connection lives`, { caseId, error: inWords(error) });
  }
};

/**
 * Tells people at once that a connection outlived the cut, and says in the table and on the instance that
 * the case is not contained. Each of the three is done whatever becomes of the others.
 *
 * @throws what SNS answers when it does not take the message; the log has it then.
 */
export const tellLiving = async (
  deps: LivingDeps,
  input: EvidenceInput,
  living: LivingConnection,
): Promise<void> => {
  const { table, clock } = deps;
  const { instanceId, caseId } = input.case;
  const [told] = await Promise.allSettled([
    publish(deps, input, living),
    ...(table.tableName === ''
      ? []
      : [
          beside(
            deps,
            input,
            'the case table',
            noteLiving(table, instanceId, caseId, clock.now().toISOString()),
          ),
        ]),
    beside(deps, input, 'the tag of the instance', tagPartial(deps, input)),
  ]);
  if (told.status === 'rejected') throw told.reason;
};
