import type { Command } from 'commander';
import { asCordonError } from '../src/aws/errors.ts';
import { AnalysisRefusedError } from '../src/case/errors.ts';
import { cleaningPlanText, cleaningText } from '../src/evidence/analysis/analysis-text.ts';
import type { CleaningPlan } from '../src/evidence/analysis/clean.ts';
import { clean, readCleaningPlan } from '../src/evidence/analysis/clean.ts';
import type { EvidenceCase } from '../src/record/evidence-store/keys.ts';
import { ask } from './confirm.ts';
import type { EvidenceOptions } from './evidence-connection.ts';
import { connectToEvidence } from './evidence-connection.ts';
import { evidenceSubcommand, orPersonDecides } from './evidence-subcommand.ts';
import { exitCodes } from './exit-code.ts';
import { print, say, tell } from './output.ts';
import { refuseSwallowedOptions } from './swallowed-options.ts';

interface CleanOptions extends EvidenceOptions {
  readonly dryRun?: true;
  readonly yes?: true;
  readonly force?: true;
}

/** @throws AnalysisRefusedError where nobody confirms. */
const confirm = async (
  { caseId }: EvidenceCase,
  { take }: CleaningPlan,
  { yes }: CleanOptions,
): Promise<void> => {
  if (yes === true || take.length === 0) return;
  const said = await ask(`Type ${caseId} to delete what is listed: `);
  if (said === caseId) return;
  throw new AnalysisRefusedError(
    said === undefined
      ? 'Nobody is there to confirm, and nothing was taken back: say --yes, or --dry-run to see the plan.'
      : `${caseId} was not typed, and nothing was taken back.`,
  );
};

const run = async (text: string, options: CleanOptions): Promise<number> => {
  refuseSwallowedOptions('evidence clean', options);
  const connection = await connectToEvidence(text, options, options.dryRun !== true);
  const { clients, case: theCase } = connection;
  const deps = { ...connection, ec2: clients.ec2 };
  const plan = await readCleaningPlan(deps, theCase).catch((error: unknown) => {
    throw asCordonError(error, 'Nothing was taken back: reading what there is');
  });
  const { take, keep } = plan;
  if (options.dryRun === true) {
    if (options.json === true) print(JSON.stringify({ ...theCase, take, keep }, null, 2));
    else say([`PLANNED: ${take.length} to delete`, cleaningPlanText(plan)].join('\n').trimEnd());
    return exitCodes.done;
  }
  if (take.length > 0 && options.quiet !== true && options.json !== true) {
    tell(`To be taken back of ${theCase.caseId}; the snapshots stay:\n${cleaningPlanText(plan)}`);
  }
  await confirm(theCase, plan, options);
  const result = await clean(deps, theCase, plan, options.force === true);
  if (options.json === true) print(JSON.stringify({ ...theCase, ...result }, null, 2));
  else say(cleaningText(theCase, result));
  return result.open.length === 0 ? exitCodes.done : exitCodes.person;
};

/** `cordon evidence clean <case | instance>` */
export const addEvidenceCleanCommand = (
  evidence: Command,
  onExitCode: (code: number) => void,
): void => {
  evidenceSubcommand(
    evidence,
    'clean',
    'Detach and delete the volumes that were made for analysis; nothing else.',
    'a case id, or the contained instance for its latest case',
  )
    .option('--dry-run', 'show what would be deleted; nothing is changed')
    .option('--yes', 'ask nothing')
    .option('--force', 'detach without the instance, as a pulled cable would')
    .action(async (subject: string, options: CleanOptions) => {
      onExitCode(await orPersonDecides(run(subject, options)));
    });
};
