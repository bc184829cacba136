import { caseTag, instanceTag } from './keys.ts';
import { tagValue } from './tag-value.ts';

interface MirrorCase {
  readonly caseId: string;
  readonly instanceId: string;
}

/** On the filter and the sessions of a case, at their creation. */
export const mirrorTags = ({ caseId, instanceId }: MirrorCase): Record<string, string> => ({
  [caseTag]: tagValue(caseId),
  [instanceTag]: instanceId,
});

/** Whether these tags say that it is the case's; anybody who may tag can have written them. */
export const saysCase = (tags: Readonly<Record<string, string>>, theCase: MirrorCase): boolean =>
  Object.entries(mirrorTags(theCase)).every(([key, value]) => tags[key] === value);
