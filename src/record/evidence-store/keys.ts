import type { Case } from '../../case/case.ts';

/** Whose evidence it is. */
export type EvidenceCase = Pick<Case, 'accountId' | 'region' | 'instanceId' | 'caseId'>;

/** The kinds of objects that a case has in the store. */
export type Shelf =
  | 'evidence'
  | 'pieces'
  | 'custody'
  | 'outcomes'
  | 'manifest'
  | 'record'
  | 'report';

/**
 * What only Cordon's functions put, so that it shows a case: whoever reads evidence may put notes of custody
 * under the id of a case that never was.
 */
export const ownShelves: ReadonlySet<string> = new Set<Shelf>([
  'record',
  'evidence',
  'pieces',
  'manifest',
]);

/** `cases/<account>/<region>/<instance>/<case>/` */
export const caseFolder = ({ accountId, region, instanceId, caseId }: EvidenceCase): string =>
  `cases/${accountId}/${region}/${instanceId}/${caseId}/`;

/** Names of files are of the code's own making, or ids of AWS; whatever else stands in one is replaced. */
export const fileName = (name: string): string =>
  name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 200);

export const shelfOf = (theCase: EvidenceCase, shelf: Shelf): string =>
  `${caseFolder(theCase)}${shelf}/`;

/** The key of the content of a piece. */
export const contentKey = (theCase: EvidenceCase, collector: string, name: string): string =>
  `${shelfOf(theCase, 'evidence')}${fileName(collector)}/${fileName(name)}`;

/** The key of what is known of a piece. */
export const pieceKey = (theCase: EvidenceCase, collector: string, name: string): string =>
  `${shelfOf(theCase, 'pieces')}${fileName(collector)}/${fileName(name)}.json`;

/** Six digits, so that names sort by their numbers. */
const numbered = (number: number): string => String(number).padStart(6, '0');

/** The key of an object of the record; its signature lies beside it, with `.sig` behind. */
export const recordKey = (theCase: EvidenceCase, number: number): string =>
  `${shelfOf(theCase, 'record')}${numbered(number)}.json`;

/** The key of the page that was made when the record had so many objects. */
export const pageKey = (theCase: EvidenceCase, number: number): string =>
  `${shelfOf(theCase, 'report')}${numbered(number)}.html`;
