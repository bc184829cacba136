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
