import { giveUpAfter } from '../../aws/deadline.ts';
import { runOnHost } from '../../aws/host-document.ts';
import { readManagedAgent } from '../../aws/managed-agent.ts';
import type { ResidualRisk } from '../../case/risk.ts';
import { hostTouched } from '../../case/risks/further-cuts.ts';
import type { StepInput } from '../../case/step-input.ts';
import { beforeHostTag, writeHost } from '../../record/trail/before-host.ts';
import { formerOf } from '../../record/trail/recall.ts';
import type { ActionDeps, Plan, PlannedChange } from '../plan.ts';
import { nothing } from '../plan.ts';
import { hostBack } from './give-back.ts';

/**
 * An agent takes a command up within seconds or, behind groups that cut it off, not at all; the least that
 * Systems Manager allows is 30. Both together stay below the time that the step has.
 */
const deliverySeconds = 30;
const patienceMilliseconds = 60_000;

/** What cuts beside it does not wait longer for the word whether the agent is there, in milliseconds. */
const patienceWithReading = 3_000;

const notHere = (id: string, why: string): Plan =>
  nothing('host-cut', 'not-applicable', id, `the host was not touched: ${why}`);

const done = {
  Linux:
    'on the host, by its own word: its firewall lets only the agent of Systems Manager through, and every other connection has ended',
  Windows:
    'on the host, by its own word: its firewall lets only the agent of Systems Manager through; connections that were open are silenced, and not ended',
} as const;

const changeOf = (
  { clients, clock, log, settings }: ActionDeps,
  { before, case: theCase }: StepInput,
  platform: 'Linux' | 'Windows',
  version: string,
): PlannedChange => {
  const { id } = before.instance;
  const { hostDocumentName: documentName } = settings;
  // What an earlier run of the case has remembered stays; on the host too it is one cut.
  const host = formerOf(before).host ?? { caseId: theCase.caseId, documentName };
  return {
    cut: 'host-cut',
    call: 'ssm:SendCommand',
    resource: id,
    before: `${platform} host with its own firewall; agent ${version} online`,
    after: 'cut off by its own firewall, but for the agent',
    remember: { resourceId: id, tags: { [beforeHostTag]: writeHost(host) } },
    send: () =>
      runOnHost(
        { clients, clock, log },
        {
          ...host,
          documentName,
          action: 'cut',
          instanceId: id,
          platform,
          deliverySeconds,
          patienceMilliseconds,
        },
      ),
    what: done[platform],
    keepsUndo: true,
    inverse: [hostBack(theCase.region, id, host)],
  };
};

/** Cuts the host by a script on it, where Systems Manager reaches its agent. */
export const planHostCut = async (deps: ActionDeps, input: StepInput): Promise<Plan> => {
  const { id } = input.before.instance;
  if (deps.settings.hostDocumentName === '') {
    return notHere(id, 'HOST_DOCUMENT_NAME names no document; deploy the stack with HostCut=true');
  }
  const agent = await giveUpAfter(deps.clock, patienceWithReading, () =>
    readManagedAgent(deps.clients.ssm, id),
  );
  if (agent === undefined) {
    return notHere(
      id,
      'Systems Manager does not manage it; give it the agent and a role such as AmazonSSMManagedInstanceCore',
    );
  }
  if (!agent.online) {
    return notHere(
      id,
      'Systems Manager does not reach its agent; with IsolationProfile=forensic and endpoints in the VPC it stays in reach',
    );
  }
  const { platform, version = 'of unknown version' } = agent;
  if (platform !== 'Linux' && platform !== 'Windows') {
    return notHere(id, `there is no script for ${platform ?? 'its platform'}`);
  }
  const risks: readonly ResidualRisk[] = input.case.dryRun ? [] : [hostTouched(id)];
  return { changes: [changeOf(deps, input, platform, version)], remarks: [], risks };
};
