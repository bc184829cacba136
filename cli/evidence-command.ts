import type { Command } from 'commander';
import { inWords } from '../src/aws/errors.ts';
import { publicTrailKeyOf } from '../src/aws/public-trail-key.ts';
import type { EvidenceReading } from '../src/evidence/read-evidence.ts';
import { manifestKeys, readEvidence } from '../src/evidence/read-evidence.ts';
import { verifiers } from '../src/evidence/verifiers.ts';
import { readManifest, verifyManifest } from '../src/evidence/verify-manifest.ts';
import { evidenceText, evidenceVerdict, missingKinds } from '../src/notify/evidence-text.ts';
import { withCommonOptions, withStackOption } from './common-options.ts';
import { addEvidenceAnalyseCommand } from './evidence-analyse.ts';
import { addEvidenceCleanCommand } from './evidence-clean.ts';
import type { EvidenceConnection, EvidenceOptions } from './evidence-connection.ts';
import { connectToEvidence } from './evidence-connection.ts';
import { addEvidenceFetchCommand } from './evidence-fetch.ts';
import { addEvidenceFlowsCommand } from './evidence-flows.ts';
import { orPersonDecides } from './evidence-subcommand.ts';
import { exitCodes } from './exit-code.ts';
import { print, say, tell } from './output.ts';

interface ListOptions extends EvidenceOptions {
  readonly wait?: true;
  readonly verify?: true;
}

/** How often it is looked whether the collection has ended, and how long, in milliseconds. */
const between = 5_000;
const longest = 4 * 3_600_000;

const waitForEnd = async ({ bucket, case: theCase, clock }: EvidenceConnection): Promise<void> => {
  const until = clock.now().getTime() + longest;
  while (clock.now().getTime() < until) {
    if ((await manifestKeys(bucket, theCase)).length > 0) return;
    await clock.sleep(between);
  }
};

const publicKeyOf = async (connection: EvidenceConnection) => {
  const { settings, log, outputs } = connection;
  const stackTrailKeyArn = Promise.resolve(outputs.TrailKeyArn);
  const read = await publicTrailKeyOf({ ...connection, settings, log, stackTrailKeyArn });
  return read?.().catch((error: unknown) => {
    log.warn('the public key of the trail could not be read', { error: inWords(error) });
    return undefined;
  });
};

/** Reads every byte that the latest manifest lists; who reads it stands in the store before. */
const complaintsOf = async (
  connection: EvidenceConnection,
  { manifest }: EvidenceReading,
): Promise<readonly string[]> => {
  if (manifest === undefined) return ['NO MANIFEST: nothing was listed yet'];
  const { bucket, case: theCase, store } = connection;
  const [read, publicKey] = await Promise.all([
    readManifest(bucket, manifest),
    publicKeyOf(connection),
  ]);
  await store.hand({ what: 'read', piece: 'everything', detail: 'cordon evidence --verify' });
  return verifyManifest(bucket, theCase, read, publicKey);
};

const exitCodeOf = (reading: EvidenceReading, complaints: readonly string[]): number => {
  const lost = reading.pieces.some(({ state }) => state.holds !== true);
  if (lost || complaints.length > 0) return exitCodes.openControls;
  const whole = reading.manifest !== undefined && missingKinds(reading).length === 0;
  return whole ? exitCodes.done : exitCodes.person;
};

const list = async (text: string, options: ListOptions): Promise<number> => {
  const connection = await connectToEvidence(text, options);
  const { bucket, store, case: theCase } = connection;
  if (options.wait === true) await waitForEnd(connection);
  const reading = await readEvidence(bucket, store, theCase, (piece) =>
    verifiers[piece.collector]?.(connection, piece),
  );
  const complaints = options.verify === true ? await complaintsOf(connection, reading) : [];
  const verdict = evidenceVerdict(theCase.caseId, reading);
  if (options.json === true) {
    print(
      JSON.stringify({ ...theCase, store: bucket.name, verdict, ...reading, complaints }, null, 2),
    );
  } else say(options.quiet === true ? verdict : evidenceText(theCase.caseId, reading));
  for (const complaint of complaints) tell(complaint);
  if (options.verify === true && complaints.length === 0) {
    tell('VERIFIED: every byte is as the signed manifest has it.');
  }
  return exitCodeOf(reading, complaints);
};

/** `cordon evidence <case | instance>` and its own commands. */
export const addEvidenceCommand = (program: Command, onExitCode: (code: number) => void): void => {
  const command = withStackOption(
    withCommonOptions(
      program
        .command('evidence')
        // Its own commands take the same options.
        .enablePositionalOptions()
        .description('The evidence of a case: what there is, whether it is unchanged, who had it.')
        .argument('<case | instance>', 'a case id, or an instance id for its latest case')
        .option('--wait', 'wait until the collection has ended, for at most four hours')
        .option('--verify', 'read every byte, and compare it with the signed manifest'),
    ),
  ).action(async (subject: string, options: ListOptions) => {
    onExitCode(await orPersonDecides(list(subject, options)));
  });
  addEvidenceFetchCommand(command, onExitCode);
  addEvidenceAnalyseCommand(command, onExitCode);
  addEvidenceCleanCommand(command, onExitCode);
  addEvidenceFlowsCommand(command, onExitCode);
};
