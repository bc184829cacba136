import type { CaseReport } from '../../case/report.ts';
import type { EvidenceReading, ReadPiece } from '../../evidence/read-evidence.ts';
import { evidenceVerdict, missingKinds } from '../../notify/evidence-text.ts';
import { actorName } from '../actors.ts';
import { moment } from '../moments.ts';
import type { Block, Cell, Room, Section } from '../page.ts';
import { capped } from '../page.ts';
import { sceneOf } from '../scene.ts';
import type { Story } from '../story.ts';
import { toneOfHolds } from '../tones.ts';

const stateOf = ({ state }: ReadPiece): Cell => ({
  text: state.holds === true ? 'unchanged' : state.holds === false ? 'LOST OR CHANGED' : 'UNKNOWN',
  tone: toneOfHolds(state.holds),
});

const pieceRow = (one: ReadPiece): readonly Cell[] => {
  const { piece } = one;
  return [
    `${piece.collector}/${piece.name}\n${piece.what}${piece.verdict === 'rejected' ? ' (REJECTED)' : ''}`,
    stateOf(one),
    { text: piece.sha256 ?? piece.resource ?? 'no hash', code: true },
    piece.bytes === undefined ? '' : String(piece.bytes),
    `${moment(piece.collectedAt)}\n${actorName(piece.by)}`,
  ];
};

const custodyBlocks = ({ custody }: EvidenceReading, room: Room): readonly Block[] => {
  // The latest say who has it now; when it was collected stands with each piece.
  const later = custody.filter(({ what }) => what !== 'collected').toReversed();
  const { shown, leftOut } = capped(later, room, 'cordon evidence --json shows them all.');
  return later.length === 0
    ? [{ kind: 'text', text: 'Nobody had the evidence in hand since it was collected.' }]
    : [
        {
          kind: 'table',
          head: ['In hand (UTC)', 'What', 'Piece', 'Who'],
          rows: shown.map(({ at, what, piece, by }) => [moment(at), what, piece, actorName(by)]),
        },
        ...leftOut,
      ];
};

const ofReading = (caseId: string, reading: EvidenceReading, room: Room): readonly Block[] => {
  const { shown, leftOut } = capped(reading.pieces, room, 'cordon evidence shows them all.');
  const missing = missingKinds(reading);
  return [
    { kind: 'text', text: `${evidenceVerdict(caseId, reading)}.` },
    ...(missing.length === 0
      ? []
      : [{ kind: 'text' as const, tone: 'bad' as const, text: `Missing: ${missing.join('; ')}` }]),
    {
      kind: 'table',
      head: ['Piece', 'State', 'SHA-256, or the resource', 'Bytes', 'Collected (UTC), by'],
      rows: shown.map(pieceRow),
    },
    ...leftOut,
    ...custodyBlocks(reading, room),
    { kind: 'facts', facts: [['Manifest', { text: reading.manifest ?? 'none yet', code: true }]] },
  ];
};

/** The snapshots, which are all that a case report knows of evidence. */
const ofReport = (story: Story, report: CaseReport, room: Room): readonly Block[] => {
  const volumes = sceneOf(story)?.volumes ?? [];
  const { shown, leftOut } = capped(volumes, room, 'the case report has them all.');
  const reason: Block = {
    kind: 'text',
    tone: 'doubt',
    text: `No evidence store was read: these are the snapshots that the case report names. cordon evidence ${report.caseId} lists what else was collected.`,
  };
  return [
    reason,
    ...(volumes.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            head: ['Volume', 'Snapshot'],
            rows: shown.map(({ id, device, snapshotId }) => [
              { text: `${id} ${device}`, code: true as const },
              { text: snapshotId ?? 'none known', code: true as const },
            ]),
          },
          ...leftOut,
        ]),
  ];
};

/** What was collected, whether it is unchanged, and who had it in hand. */
export const evidenceSection = (story: Story, room: Room): Section => ({
  id: 'evidence',
  title: 'The evidence',
  blocks:
    story.evidence === undefined
      ? ofReport(story, story.report, room)
      : ofReading(story.report.caseId, story.evidence, room),
});
