import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { UnintelligibleEventError } from '../src/case/errors.ts';
import { getObject } from '../src/record/evidence-store/objects.ts';
import type { EvidenceOptions } from './evidence-connection.ts';
import { connectToEvidence } from './evidence-connection.ts';
import { evidenceSubcommand, orPersonDecides } from './evidence-subcommand.ts';
import { exitCodes } from './exit-code.ts';
import { print, say, tell } from './output.ts';

interface FetchOptions extends EvidenceOptions {
  readonly out: string;
}

const fetchPiece = async (text: string, name: string, options: FetchOptions): Promise<number> => {
  const { bucket, store, case: theCase } = await connectToEvidence(text, options);
  const pieces = await store.pieces();
  const piece = pieces.find((one) => `${one.collector}/${one.name}` === name);
  if (piece?.object === undefined) {
    const known = pieces
      .filter(({ object }) => object !== undefined)
      .map((one) => `${one.collector}/${one.name}`);
    throw new UnintelligibleEventError(
      `${theCase.caseId} has no piece "${name}" in the store; it has ${known.join(', ') || 'none'}.`,
    );
  }
  // Whoever reads evidence says so first: a reading that left no entry did not happen.
  await store.hand({ what: 'read', piece: name, detail: 'cordon evidence fetch' });
  const content = await getObject(bucket, piece.object);
  // Never over a file that is there, and for nobody else on this machine.
  writeFileSync(options.out, content, { flag: 'wx', mode: 0o600 });
  const sha256 = createHash('sha256').update(content).digest('hex');
  const same = sha256 === piece.sha256;
  if (options.json === true) print(JSON.stringify({ ...piece, out: options.out, same }, null, 2));
  else say(`${same ? 'FETCHED' : 'CHANGED'} ${name}: ${content.length} bytes, SHA-256 ${sha256}`);
  if (!same) tell(`The record says SHA-256 ${piece.sha256}: this is not what was collected.`);
  return same ? exitCodes.done : exitCodes.openControls;
};

/** `cordon evidence fetch <case | instance> <piece> --out <file>` */
export const addEvidenceFetchCommand = (
  evidence: Command,
  onExitCode: (code: number) => void,
): void => {
  evidenceSubcommand(
    evidence,
    'fetch',
    'Fetch one piece into a file, and leave an entry of who has read it.',
  )
    .argument('<piece>', 'as the list has it: console-output/console-output.txt')
    .requiredOption('--out <file>', 'the file to make')
    .action(async (subject: string, piece: string, options: FetchOptions) => {
      onExitCode(await orPersonDecides(fetchPiece(subject, piece, options)));
    });
};
