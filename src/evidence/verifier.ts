import type { Deps } from '../aws/clients.ts';
import type { Piece } from '../record/evidence-store/piece.ts';

/** Whether a piece is still what was collected. */
export interface PieceState {
  /** `unknown`: it could not be read, which is not the same as being there. */
  readonly holds: boolean | 'unknown';
  readonly observed: string;
}

/** Reads a piece that lies outside the store. Changes nothing. */
export type VerifyPiece = (deps: Deps<'ec2'>, piece: Piece) => Promise<PieceState>;
