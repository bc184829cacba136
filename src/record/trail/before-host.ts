import type { HostCut } from '../../case/host-cut.ts';
import { wholeTagValue } from './tag-value.ts';

export const beforeHostTag = 'cordon:before:host';

const pattern = /^open case=([A-Za-z0-9-]{1,64}) document=([A-Za-z0-9_.-]{3,128})$/;

/** `open case=… document=…`: the host was open to its own firewall, and what has cut it since. */
export const writeHost = ({ caseId, documentName }: HostCut): string | undefined => {
  const value = `open case=${caseId} document=${documentName}`;
  return pattern.test(value) ? wholeTagValue(value) : undefined;
};

/** What the tag holds; undefined for a value of another form. */
export const readHost = (value: string): HostCut | undefined => {
  const [, caseId, documentName] = pattern.exec(value) ?? [];
  return caseId === undefined || documentName === undefined ? undefined : { caseId, documentName };
};
