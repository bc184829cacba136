import type { Instance, Protection } from '../../case/before.ts';

export const beforeProtectTag = 'cordon:before:protect';

/** What the tag remembers: the protections, and whether the metadata service answered. */
export interface FormerProtection extends Protection {
  readonly metadataService?: Instance['metadataService'];
}

const bit = (value: boolean | undefined): string =>
  value === undefined ? 'unknown' : value ? '1' : '0';

/** `term=0 stop=0 shutdown=terminate imds=enabled`; `unknown` where AWS did not tell. */
export const writeProtect = (former: FormerProtection): string =>
  [
    `term=${bit(former.termination)}`,
    `stop=${bit(former.stop)}`,
    `shutdown=${former.shutdownBehavior ?? 'unknown'}`,
    ...(former.metadataService === undefined ? [] : [`imds=${former.metadataService}`]),
  ].join(' ');

const pattern =
  /^term=(0|1|unknown) stop=(0|1|unknown) shutdown=(stop|terminate|unknown)(?: imds=(enabled|disabled))?$/;

/** What the tag says; undefined for a value of another form. */
export const readProtect = (value: string): FormerProtection | undefined => {
  const match = pattern.exec(value);
  if (match === null) return undefined;
  const [, termination, stop, shutdown, metadataService] = match;
  return {
    ...(termination === 'unknown' ? {} : { termination: termination === '1' }),
    ...(stop === 'unknown' ? {} : { stop: stop === '1' }),
    ...(shutdown === 'stop' || shutdown === 'terminate' ? { shutdownBehavior: shutdown } : {}),
    ...(metadataService === 'enabled' || metadataService === 'disabled' ? { metadataService } : {}),
  };
};
