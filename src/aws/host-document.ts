import { HostCutError } from '../case/errors.ts';
import type { HostAction, HostCut, HostResult } from '../case/host-cut.ts';
import { hostComplaint, hostResultIn } from '../case/host-cut.ts';
import { hostDocumentDigest } from '../case/host-document-digest.ts';
import type { Deps } from './clients.ts';
import { giveUpAfter } from './deadline.ts';
import type { ManagedAgent } from './managed-agent.ts';
import { readManagedAgent } from './managed-agent.ts';
import { readPin } from './pinned-document.ts';
import type { Invocation } from './run-command.ts';
import { followCommand, sendDocument } from './run-command.ts';

/** How long the document may take to be read and sent, in milliseconds. */
const patienceWithSending = 15_000;

export interface HostOrder extends HostCut {
  readonly action: HostAction;
  readonly instanceId: string;
  readonly platform: 'Linux' | 'Windows';
  readonly deliverySeconds: number;
  readonly patienceMilliseconds: number;
}

const endingOf = ({ status, statusDetails, exitCode }: Invocation): string =>
  `Systems Manager says ${statusDetails || status}${exitCode > 0 ? `, exit code ${exitCode}` : ''}`;

/**
 * Runs the document on a host and follows it to its end. Nothing but a success that the script itself
 * tells of counts.
 *
 * @returns what the script says; the host's own word.
 * @throws HostCutError when it did not end well, or nobody knows how it ended.
 */
export const runOnHost = async (
  { clients: { ssm }, clock, log }: Pick<Deps<'ssm'>, 'clients' | 'clock' | 'log'>,
  order: HostOrder,
): Promise<HostResult> => {
  const { action, instanceId, documentName, caseId, platform } = order;
  const commandId = await giveUpAfter(clock, patienceWithSending, async () =>
    sendDocument(ssm, {
      documentName,
      ...(await readPin(ssm, documentName, hostDocumentDigest, HostCutError)),
      instanceId,
      parameters: { Action: [action], Case: [caseId] },
      comment: `Cordon ${action} ${caseId}`,
      deliverySeconds: order.deliverySeconds,
    }),
  );
  log.info('a command runs on the host', { instanceId, commandId, action, documentName });
  const { patienceMilliseconds } = order;
  const step = `${action}${platform}`;
  const ended = await followCommand(
    { ssm, clock, log },
    { commandId, instanceId, patienceMilliseconds, step },
  );
  const said = hostResultIn(ended.stdout, action, caseId);
  if (ended.status === 'Success' && said?.ok === true) return said;
  const own = said === undefined || said.ok ? '' : `; ${hostComplaint(said)}`;
  throw new HostCutError(
    `The ${action} on the host ${instanceId} did not end well: ${endingOf(ended)}${own}. Look at command ${commandId} in Systems Manager.`,
  );
};

/** Between two looks whether the agent is back, in milliseconds. */
const pause = 5_000;

/**
 * Waits for the agent of an instance, which comes back by itself some time after its network does.
 *
 * @throws HostCutError when it is not there in time.
 */
export const awaitAgent = async (
  { clients: { ssm }, clock }: Pick<Deps<'ssm'>, 'clients' | 'clock'>,
  instanceId: string,
  milliseconds: number,
): Promise<ManagedAgent> => {
  for (let waited = 0; waited <= milliseconds; waited += pause) {
    if (waited > 0) await clock.sleep(pause);
    const agent = await readManagedAgent(ssm, instanceId);
    if (agent?.online === true) return agent;
  }
  throw new HostCutError(
    `Systems Manager does not reach the agent of ${instanceId}, so the host cannot be told. Log in by the EC2 serial console as root and run: ${byHand}`,
  );
};

/** What root on the host pastes where no agent answers. */
const byHand =
  'nft delete table inet cordon (with iptables: iptables -D INPUT -j CORDON-IN; iptables -D OUTPUT -j CORDON-OUT; iptables -D FORWARD -j CORDON-FWD; the same with ip6tables)';
