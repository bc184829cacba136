import { EvidenceNotCollectedError } from '../../../case/errors.ts';
import { quoted } from '../../../case/quoted.ts';
import { claimInWords, readClaim } from '../claim.ts';
import type { Stage, Work } from '../work.ts';
import { lookAgain, onTo, pauseAfter } from '../work.ts';

/** The file of the toolkit that is run. */
const tool = 'avml';

/** Four hours, in looks of a quarter of a minute at first and of a minute then. */
const mostLooks = 270;

/** While another command of the case is at work, it is sent again after five minutes: for four hours. */
const mostSendings = 48;

/** How Systems Manager says that a command never began on the host. */
const untaken: ReadonlySet<string> = new Set([
  'DeliveryTimedOut',
  'Undeliverable',
  'InvalidPlatform',
  'AccessDenied',
]);

const parametersOf = (work: Work): Readonly<Record<string, string>> => ({
  CaseId: work.origin.caseId,
  InstanceId: work.origin.instanceId,
  Nonce: work.origin.nonce,
  VolumeBytes: String(work.origin.volumeBytes),
  Tool: tool,
  ToolSha256: work.toolSha256 === '' ? 'none' : work.toolSha256,
  ImageVolumeId: work.imageVolumeId ?? '',
  ImageDevice: work.imageDevice ?? '',
  ToolsVolumeId: work.toolsVolumeId ?? '',
  ToolsDevice: work.toolsDevice ?? '',
});

/**
 * Sends the document. Systems Manager takes no client token: where its answer is lost the script runs
 * twice, and its second run finds the first at work, or its image complete.
 */
export const run: Stage = async ({ ways }, _, work) => {
  const commandId = await ways.send(work.origin.instanceId, parametersOf(work));
  const sent = { ...work, commandId, wrote: true, sendings: (work.sendings ?? 0) + 1 };
  return onTo('follow-run', sent, 'The tool runs on the instance.');
};

/** Waits for the tool. Whatever the host says only decides what is done with the volume. */
export const followRun: Stage = async ({ ways }, _, work) => {
  const state = await ways.look(work.origin.instanceId, work.commandId ?? '');
  if (!state.ended && work.looks < mostLooks) {
    return lookAgain(work, pauseAfter(work, 15, 60), 'The tool writes the memory onto its volume.');
  }
  if (!state.ended) throw new EvidenceNotCollectedError('The tool did not end within four hours.');
  const claim = readClaim(state.output);
  if (claim?.outcome === 'refused') {
    // Another command of the same case is at work: it is the one whose image counts.
    if (claim.code === 'busy' && (work.sendings ?? 0) < mostSendings) {
      return lookAgain({ ...work, stage: 'run' }, 300, 'An earlier run of the tool is at work.');
    }
    const trouble = `The host refused before it wrote anything: ${quoted(claim.sentence ?? '')}`;
    // The other run may be one of this case, whose answer was lost: what it writes is kept.
    return onTo('detach', { ...work, wrote: claim.code === 'busy', trouble }, trouble);
  }
  if (claim === undefined && untaken.has(state.status)) {
    const trouble = `The agent on the instance did not take the command up (${state.status}): look whether the instance reaches Systems Manager.`;
    return onTo('detach', { ...work, wrote: false, trouble }, trouble);
  }
  const sentence =
    claim === undefined ? `the command ended as ${state.status}` : (claim.sentence ?? '');
  if (claim === undefined || claim.outcome === 'failed') {
    const trouble = `The tool did not complete the image: ${quoted(sentence)}`;
    return onTo('detach', { ...work, claim: trouble }, trouble);
  }
  return onTo('detach', { ...work, claim: claimInWords(claim) }, 'The host says: it is written.');
};
