import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { asCordonError } from '../src/aws/errors.ts';
import { analyse, readAnalysisPlan } from '../src/evidence/analysis/analyse.ts';
import {
  analysisPlanText,
  analysisText,
  analysisVerdict,
} from '../src/evidence/analysis/analysis-text.ts';
import { mountCommands } from '../src/evidence/analysis/mount-commands.ts';
import type { EvidenceOptions } from './evidence-connection.ts';
import { connectToEvidence } from './evidence-connection.ts';
import { evidenceSubcommand, orPersonDecides } from './evidence-subcommand.ts';
import { exitCodes } from './exit-code.ts';
import { findSubject } from './find-subject.ts';
import { print, say, tell } from './output.ts';
import { requireSubject } from './subject.ts';
import { refuseSwallowedOptions } from './swallowed-options.ts';

interface AnalyseOptions extends EvidenceOptions {
  readonly instance: string;
  readonly volume?: string;
  readonly dryRun?: true;
}

/** @throws InvalidArgumentError for anything that is no id of a volume. */
const volumeIn = (text: string): string => {
  if (/^vol-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(text)) return text;
  throw new InvalidArgumentError('Accepted is vol- and 8 or 17 hexadecimal digits.');
};

const run = async (text: string, options: AnalyseOptions): Promise<number> => {
  refuseSwallowedOptions('evidence analyse', options);
  requireSubject(options.instance);
  const changes = options.dryRun !== true;
  const connection = await connectToEvidence(text, options, changes);
  const { clients, case: theCase, log } = connection;
  const use = { region: theCase.region, log, changes };
  const { instanceId } = await findSubject(options.instance, use);
  const deps = { ...connection, ec2: clients.ec2 };
  const plan = await readAnalysisPlan(deps, theCase, instanceId, options.volume).catch(
    (error: unknown) => {
      throw asCordonError(error, 'Nothing was begun: reading what there is');
    },
  );
  if (options.dryRun === true) {
    if (options.json === true) print(JSON.stringify({ ...theCase, ...plan }, null, 2));
    else say(analysisPlanText(plan));
    return exitCodes.done;
  }
  if (options.quiet !== true && options.json !== true) {
    tell(
      `Volumes of ${theCase.caseId} for ${instanceId}: ${plan.volumes.length}; no original is touched.`,
    );
  }
  const result = await analyse(deps, theCase, plan);
  const { isWindows } = plan.examiner;
  if (options.json === true) {
    const volumes = result.volumes.map((one) => ({
      ...one,
      commands: mountCommands(one, isWindows),
    }));
    print(JSON.stringify({ ...theCase, examiner: plan.examiner, ...result, volumes }, null, 2));
  } else {
    const write = options.quiet === true ? analysisVerdict : analysisText;
    say(write(theCase, plan.examiner, result));
  }
  return result.open.length === 0 && result.volumes.length > 0 ? exitCodes.done : exitCodes.person;
};

/** `cordon evidence analyse <case | instance> --instance i-…` */
export const addEvidenceAnalyseCommand = (
  evidence: Command,
  onExitCode: (code: number) => void,
): void => {
  evidenceSubcommand(
    evidence,
    'analyse',
    'Make new volumes of the snapshots, and attach them to an instance of yours.',
    'a case id, or the contained instance for its latest case',
  )
    .requiredOption('--instance <id>', 'the instance on which you analyse; never the contained')
    .option('--volume <id>', 'only the copy of this original volume', volumeIn)
    .option('--dry-run', 'show what would be made; nothing is changed')
    .action(async (subject: string, options: AnalyseOptions) => {
      onExitCode(await orPersonDecides(run(subject, options)));
    });
};
