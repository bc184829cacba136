import { cordonCommand } from '../case/cordon-command.ts';
import { oneLine } from '../case/one-line.ts';
import type { CaseReport } from '../case/report.ts';
import { isOpenNow, wasTerminated } from './act-now.ts';
import { isActiveAfterCut } from './active-after-cut.ts';
import { caseCommand } from './go-on-lines.ts';
import { questionStep } from './question-lines.ts';
import { kindOf } from './subject.ts';

const keepRunning = 'Do not stop or reboot it: its memory would be lost.';

const isIsolatedStatus = ({ status }: CaseReport): boolean =>
  status === 'contained' || status === 'partial';

/** What comes before the status: whatever that says, this is what to do. */
const urgentStep = (report: CaseReport): string | undefined => {
  if (report.dryRun === true && report.status === 'failed') {
    return 'The rehearsal failed; nothing was changed.';
  }
  const question = questionStep(report);
  if (question !== undefined) return question;
  if (isOpenNow(report)) {
    return report.isolate === undefined || report.isolate === ''
      ? 'Look for the instance in your other accounts and Regions; Cordon acts where it is deployed.'
      : `Paste the commands below, from a role that may change network interfaces, then check. Do not stop or reboot it yet: its memory would be lost.`;
  }
  if (wasTerminated(report)) {
    return 'Keep what is left: its snapshots, and the volumes that were not deleted with it.';
  }
  if (kindOf(report) === 'evidence') {
    return 'Analyse new volumes made from the snapshots, never the originals.';
  }
  return isActiveAfterCut(report) && isIsolatedStatus(report)
    ? 'It is isolated as far as AWS shows, and talks all the same: find out by which way (WHAT REMAINS, the flow logs), and cut that; stop the instance if you cannot.'
    : undefined;
};

const stepOfStatus = (report: CaseReport): string => {
  switch (report.status) {
    case 'contained':
      return `Nothing to do tonight. ${keepRunning}`;
    case 'partial':
      return `Read what does not hold and what remains, below. ${keepRunning}`;
    case 'running':
      return `Nothing to do yet: proof and evidence follow in a second message. ${keepRunning}`;
    case 'closed':
      return 'Nothing to do. What Cordon changed stays as it is, where the instance still exists; its snapshots are kept; delete them when nobody needs them.';
    case 'released':
      return `Nothing to do: it serves as before, and its snapshots are kept. Was it none of you? Contain it again: ${cordonCommand('contain', report)}`;
    case 'release-incomplete':
      return `What was not given back stays shut. Mend what stands above, then run again: ${caseCommand('release', report)}`;
    case 'refused':
      return `The host is open. If that was wrong, contain it: ${cordonCommand('contain', report)}`;
    case 'planned':
    case 'skipped':
      return `If the finding is real, contain it by hand: ${cordonCommand('contain', report)}`;
    default:
      return oneLine(report.reason);
  }
};

/** What to do now; the second line of the message. */
export const nextStep = (report: CaseReport): string => urgentStep(report) ?? stepOfStatus(report);
