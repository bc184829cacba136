import { systemClock } from '../src/aws/clock.ts';
import { cordonCommand } from '../src/case/cordon-command.ts';
import type { VerifyCaseDeps } from '../src/find-case.ts';
import { verifyCase } from '../src/verify-case.ts';
import { exitCodes } from './exit-code.ts';
import { tell } from './output.ts';

/** How long an abandoned run still looks how it stands, in milliseconds. */
const longestLook = 8_000;

interface Standing {
  readonly isolated: boolean;
  readonly line: string;
}

const standingOf = async (
  deps: VerifyCaseDeps,
  instanceId: string,
  region: string,
): Promise<Standing> => {
  try {
    const { verdict, proof } = await verifyCase(deps, { instanceId }, region);
    const groups = proof.find(({ control }) => control === 'eni-groups')?.observed ?? '';
    return { isolated: verdict === 'ISOLATED', line: `${verdict} ${instanceId}: ${groups}` };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { isolated: false, line: `NOT KNOWN TO BE ISOLATED ${instanceId}: ${words}` };
  }
};

/**
 * Reads how the instances of an abandoned run stand, and says it.
 *
 * @returns the exit code: 130 where the read-back shows isolation, else 4.
 */
export const sayHowItStands = async (
  deps: VerifyCaseDeps,
  instanceIds: readonly string[],
  region: string,
): Promise<number> => {
  tell('Abandoned. Reading how it stands.');
  const unread: readonly Standing[] = instanceIds.map((id) => ({
    isolated: false,
    line: `NOT KNOWN TO BE ISOLATED ${id}: AWS did not answer in time`,
  }));
  const reading = Promise.all(instanceIds.map((id) => standingOf(deps, id, region)));
  const standings = (await Promise.race([reading, systemClock.sleep(longestLook)])) ?? unread;
  for (const { line } of standings) tell(line);
  if (standings.length > 0 && standings.every(({ isolated }) => isolated))
    return exitCodes.abandoned;
  for (const id of instanceIds)
    tell(`Go on with: ${cordonCommand('contain', { instanceId: id, region })}`);
  return exitCodes.notIsolated;
};
