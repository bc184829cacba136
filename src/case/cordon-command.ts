import { command } from './command.ts';

/** A command of Cordon's own about an instance, as a person pastes it. */
export const cordonCommand = (
  verb: 'triage' | 'contain' | 'verify' | 'release' | 'approve' | 'refuse' | 'evidence' | 'report',
  { instanceId, region }: { readonly instanceId: string; readonly region: string },
  ...more: readonly string[]
): string => command(['cordon', verb, instanceId, '--region', region, ...more]);
