import { command } from '../../case/command.ts';
import { oneLine } from '../../case/one-line.ts';
import type { EvidenceCase } from '../../record/evidence-store/keys.ts';
import type { AnalysedVolume, AnalysisResult } from './analyse.ts';
import type { CleaningPlan, CleaningResult } from './clean.ts';
import type { Examiner } from './examiner.ts';
import { mountCommands } from './mount-commands.ts';
import type { AnalysisPlan } from './plan.ts';

const counted = (count: number): string => (count === 1 ? '1 volume' : `${count} volumes`);

const openLines = (open: readonly string[]): readonly string[] =>
  open.map((one) => `OPEN: ${oneLine(one)}`);

const indented = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => `    ${line}`);

/** What would be made, one line for each volume. */
export const analysisPlanText = ({ examiner, volumes, waiting }: AnalysisPlan): string =>
  [
    `PLANNED: ${counted(volumes.length)} at ${examiner.instanceId} in ${examiner.zone}; nothing was made`,
    ...volumes.map(({ snapshot: { snapshotId, volumeId }, device, there }) =>
      there === undefined
        ? `  a gp3 volume of ${snapshotId} (of ${volumeId}), of its size, encrypted as it is, at ${device}`
        : `  ${there.volumeId}, made of ${snapshotId} (of ${volumeId}) by an earlier run, at ${device}`,
    ),
    ...openLines(waiting),
  ].join('\n');

/** How an analysis stands, in one line. */
export const analysisVerdict = (
  { caseId }: EvidenceCase,
  { instanceId }: Examiner,
  { volumes, open }: AnalysisResult,
): string => {
  const left = open.length === 0 ? '' : `, ${open.length} OPEN`;
  return `ANALYSE: ${counted(volumes.length)} of ${caseId} at ${instanceId}${left}`;
};

const volumeLines = (volume: AnalysedVolume, isWindows: boolean): readonly string[] => {
  const { volumeId, originalId, snapshotId, device, sizeGib, encrypted } = volume;
  const words = [
    `${sizeGib} GiB`,
    encrypted ? 'encrypted' : 'not encrypted',
    device,
    ...(volume.outcome === 'already' ? ['was there'] : []),
  ];
  return [
    `${volumeId}, a copy of ${originalId} by ${snapshotId}: ${words.join(', ')}`,
    ...(volume.deleteOnTermination
      ? ['  AWS deletes it when the instance is terminated.']
      : ['  It stays when the instance is terminated.']),
    `  To look at it without writing to it, ${isWindows ? 'in PowerShell as an administrator' : 'as root'}:`,
    ...indented(mountCommands(volume, isWindows)),
  ];
};

/** What lies ready, how to look at it, and how it is taken back. */
export const analysisText = (
  theCase: EvidenceCase,
  examiner: Examiner,
  result: AnalysisResult,
): string =>
  [
    analysisVerdict(theCase, examiner, result),
    ...result.volumes.flatMap((volume) => volumeLines(volume, examiner.isWindows)),
    ...openLines(result.open),
    ...(result.volumes.length === 0
      ? []
      : [
          `Do not reboot ${examiner.instanceId} meanwhile: it may boot from the copy of a root volume.`,
          `Afterwards: ${command(['cordon', 'evidence', 'clean', theCase.caseId, '--region', theCase.region])}`,
        ]),
  ].join('\n');

/** What would be taken back, one line for each volume. */
export const cleaningPlanText = ({ take, keep }: CleaningPlan): string =>
  [
    ...take.map(({ volumeId, snapshotId, attachments }) => {
      const [at] = attachments;
      const where = at === undefined ? 'attached to nothing' : `at ${at.instanceId}, ${at.device}`;
      return `  delete ${volumeId}, made of ${snapshotId}, ${where}`;
    }),
    ...keep.map((one) => `  ${oneLine(one)}`),
  ].join('\n');

/** What became of it. */
export const cleaningText = (
  { caseId }: EvidenceCase,
  { deleted, open }: CleaningResult,
): string => {
  const left = open.length === 0 ? '' : `, ${open.length} OPEN`;
  return [
    `CLEAN: ${deleted.length === 0 ? 'nothing' : counted(deleted.length)} of ${caseId} taken back${left}`,
    ...deleted.map((one) => `  deleted ${one}`),
    ...openLines(open),
  ].join('\n');
};
