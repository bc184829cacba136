import { command } from '../case/command.ts';
import { cordonCommand } from '../case/cordon-command.ts';
import { oneLine } from '../case/one-line.ts';
import { headline } from '../notify/subject.ts';
import type { Standing } from './standing.ts';

/** Statuses of cases whose instance nobody has cut, as people say them. */
const uncut: Readonly<Record<string, string>> = {
  asked: 'ASKED, HOST IS OPEN',
  refused: 'REFUSED, HOST IS OPEN',
  held: 'HELD BACK, HOST IS OPEN',
  stopped: 'STOPPED, HOST IS OPEN',
  skipped: 'SKIPPED, HOST IS OPEN',
  opening: 'NOT YET ISOLATED',
  running: 'NOT YET ISOLATED',
  failed: 'NOT CONTAINED',
  releasing: 'RELEASING',
  'release-incomplete': 'NOT FULLY RELEASED',
};

const ofIsolated = ({ status, report }: Standing): string => {
  if (status === 'releasing') return 'RELEASING, STILL ISOLATED';
  if (status === 'release-incomplete') return 'ISOLATED, NOT FULLY RELEASED';
  const words = report === undefined ? 'ISOLATED' : headline(report);
  return words.startsWith('NOT ') ? 'ISOLATED' : words;
};

/** How a case stands, as people say it: what was read back comes before what the table says. */
export const stateOf = (standing: Standing): string => {
  const { isOpen, isGone, report, status, unread } = standing;
  if (!isOpen) return oneLine(status).toUpperCase();
  if (isGone === true || report?.verdict === 'TERMINATED') return 'TERMINATED, CASE IS OPEN';
  if (unread !== undefined || report === undefined) return 'NOT KNOWN TO BE ISOLATED';
  return report.verdict === 'ISOLATED' ? ofIsolated(standing) : (uncut[status] ?? 'NOT ISOLATED');
};

/** The controls of the proof that count: how many hold, of how many. */
export const holdsOf = ({
  report,
}: Standing): { readonly hold: number; readonly of: number } | undefined => {
  if (report === undefined) return undefined;
  const required = report.proof.filter((one) => one.required);
  return { hold: required.filter(({ holds }) => holds === true).length, of: required.length };
};

/** Who or what began a case, in their own words: quote it. */
export const beganBy = ({ by, report }: Standing): string =>
  by ?? report?.trigger.requestedBy ?? report?.trigger.source ?? 'unknown';

/** The command that brings a case on: what a person who reads the line does next. */
export const nextOf = (standing: Standing): string => {
  const { caseId, region, status, report, unread, ownership, isOpen } = standing;
  const aboutCase = (verb: string): string => command(['cordon', verb, caseId, '--region', region]);
  if (!isOpen) return cordonCommand('verify', standing);
  if (stateOf(standing).startsWith('TERMINATED')) {
    return cordonCommand('release', standing, '--close', '--reason', 'terminated');
  }
  if (unread !== undefined) return cordonCommand('verify', standing);
  if (status.startsWith('releas')) return aboutCase('release');
  if (report?.verdict !== 'ISOLATED') {
    return status === 'asked' ? aboutCase('approve') : cordonCommand('contain', standing);
  }
  return ownership === undefined ? aboutCase('take') : cordonCommand('verify', standing);
};
