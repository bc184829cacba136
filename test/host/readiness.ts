import { inProject } from '../../emulator/project.ts';
import { asRoot } from './as-root.ts';
import { mustOn, outcomeOf, startComputer } from './namespace.ts';

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();

/** Why no host can be made here; undefined where one can. What is missing is installed first. */
const obstacle = async (): Promise<string | undefined> => {
  if (process.platform !== 'linux') return `this is ${process.platform}, and not Linux`;
  const installed = await outcomeOf([...asRoot, 'sh', inProject('test/host/install.sh')]);
  if (installed.code !== 0) {
    return `tools are missing and could not be installed: ${reasonOf(installed.stderr)}`;
  }
  try {
    const computer = await startComputer();
    try {
      await mustOn(
        computer,
        'nft add table inet probe; iptables -w 5 -S; ss -K -H -t dst 192.0.2.1',
      );
    } finally {
      computer.stop();
    }
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
};

/**
 * Whether the scripts can be tried on a host here. Where not, that is printed, and it is a failure where
 * `CI` is set: there somebody relies on it.
 */
export const canTryHosts = async (): Promise<boolean> => {
  const why = await obstacle();
  if (why === undefined) return true;
  process.stderr.write(`HOST TESTS NOT RUN: ${why}\n`);
  if ((process.env.CI ?? '') !== '') throw new Error(`HOST TESTS NOT RUN: ${why}`);
  return false;
};
