import { oneLine } from '../case/one-line.ts';
import { beginningOf } from '../case/report-size.ts';
import type { EvidenceReading, ReadPiece } from '../evidence/read-evidence.ts';

const mark = ({ state }: ReadPiece): string =>
  state.holds === true ? 'ok' : state.holds === false ? 'LOST' : 'unknown';

const sizeOf = (bytes: number | undefined): string => (bytes === undefined ? '' : `${bytes} bytes`);

const pieceLines = (one: ReadPiece): readonly string[] => {
  const { piece, state } = one;
  const { collector, name, what, object, resource, bytes, sha256, collectedAt, by } = piece;
  const where = object?.key ?? resource ?? 'nowhere';
  return [
    `${mark(one)}  ${collector}/${name}: ${oneLine(what)}${piece.verdict === 'rejected' ? ' (REJECTED)' : ''}`,
    `    ${[sizeOf(bytes), oneLine(state.observed)].filter((text) => text !== '').join(', ')}`,
    ...(sha256 === undefined
      ? []
      : [
          `    SHA-256 ${sha256}${piece.method === undefined ? '' : ` (${oneLine(piece.method)})`}`,
        ]),
    `    ${oneLine(where)}`,
    `    ${collectedAt} by ${oneLine(by)}`,
    ...(piece.claimed === undefined
      ? []
      : [`    by the host's own word: ${oneLine(piece.claimed)}`]),
    ...(piece.note === undefined ? [] : [`    ${oneLine(piece.note)}`]),
  ];
};

/** The most entries of custody that are shown. */
const shownEntries = 20;

/** The kinds that failed in their last run, in words. */
export const missingKinds = ({ outcomes }: EvidenceReading): readonly string[] => {
  const last = new Map(
    outcomes.toSorted((a, b) => a.at.localeCompare(b.at)).map((one) => [one.collector, one]),
  );
  return [...last.values()]
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ collector, sentence }) => `${collector}: ${beginningOf(oneLine(sentence), 500)}`);
};

/** How the evidence of a case stands, in one line. */
export const evidenceVerdict = (caseId: string, reading: EvidenceReading): string => {
  const { pieces, manifest } = reading;
  const lost = pieces.filter(({ state }) => state.holds === false).length;
  const unread = pieces.filter(({ state }) => state.holds === 'unknown').length;
  const missing = missingKinds(reading).length;
  if (lost > 0) return `LOST OR CHANGED: ${lost} of ${pieces.length} pieces of ${caseId}`;
  if (missing > 0)
    return `MISSING: ${missing} kinds of evidence of ${caseId} could not be collected`;
  if (manifest === undefined) return `BEING COLLECTED: ${pieces.length} pieces of ${caseId} so far`;
  if (unread > 0) return `NOT ALL READ: ${unread} of ${pieces.length} pieces of ${caseId}`;
  return `KEPT: ${pieces.length} pieces of ${caseId}`;
};

/** What there is of a case: pieces, hashes, who had them in hand. */
export const evidenceText = (caseId: string, reading: EvidenceReading): string => {
  const { pieces, custody, manifest } = reading;
  const missing = missingKinds(reading);
  const verdict = evidenceVerdict(caseId, reading);
  return [
    verdict,
    '',
    ...pieces.flatMap(pieceLines),
    ...(missing.length === 0 ? [] : ['', 'MISSING', ...missing.map((one) => `  ${one}`)]),
    ...(custody.length === 0 ? [] : ['', 'WHO HAD IT IN HAND']),
    ...custody
      .slice(-shownEntries)
      .map(
        ({ at, by, what, piece, detail }) =>
          `  ${at} ${what} ${oneLine(piece)} by ${oneLine(by)}${detail === undefined ? '' : `: ${oneLine(detail)}`}`,
      ),
    ...(custody.length > shownEntries
      ? [`  and ${custody.length - shownEntries} entries before (--json shows all)`]
      : []),
    '',
    `manifest: ${manifest ?? 'none yet'}`,
    verdict,
  ].join('\n');
};
