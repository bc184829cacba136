import type { Phase } from '../../case/undo/inverse.ts';
import { phases } from '../../case/undo/inverse.ts';
import { tagValue } from './tag-value.ts';

/** What a person gave back of a case that stays open. */
export interface PartialRelease {
  /** ISO 8601. */
  readonly at: string;
  readonly phases: readonly Phase[];
  readonly who: string;
  readonly reason?: string;
}

/** `<time> partial <phase>,<phase> <who> <why>` */
export const writePartialRelease = ({ at, phases: given, who, reason }: PartialRelease): string =>
  tagValue([at, 'partial', given.join(','), who.replace(/\s+/g, '_'), reason ?? ''].join(' '));

const pattern = /^\S+ partial ([a-z-]+(?:,[a-z-]+)*) \S/;

/** The phases that the tag names; none for the value of a whole release, or of another form. */
export const readPartialRelease = (value: string): readonly Phase[] => {
  const words = pattern.exec(value)?.[1]?.split(',') ?? [];
  return phases.filter((phase) => words.includes(phase));
};
