import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { asCordonError } from '../src/aws/errors.ts';
import { InvalidSettingsError } from '../src/case/errors.ts';
import { oneLine } from '../src/case/one-line.ts';
import { quoted } from '../src/case/quoted.ts';
import { makeVerifyClients } from '../src/lambda/verify-clients.ts';
import { storyOfReadBack, storyOfRecord } from '../src/read-story.ts';
import {
  retellAsHtml,
  retellAsJson,
  retellAsMarkdown,
  verdictWords,
} from '../src/report-page/retell.ts';
import type { Story } from '../src/report-page/story.ts';
import { verifyCase } from '../src/verify-case.ts';
import type { CommonOptions, StackOption } from './common-options.ts';
import { useProfile, withCommonOptions, withStackOption } from './common-options.ts';
import { connect, settingsOfShell } from './connect.ts';
import { orPersonDecides } from './evidence-subcommand.ts';
import { exitCodes } from './exit-code.ts';
import { findSubject } from './find-subject.ts';
import { print, say, tell } from './output.ts';
import { regionFor } from './region.ts';
import { readStackStore } from './report-store.ts';
import { stackWitnesses } from './stack-witnesses.ts';
import { requireSubject } from './subject.ts';

interface ReportOptions extends CommonOptions, StackOption {
  readonly markdown?: true;
  readonly out?: string;
}

const writtenAs = (story: Story, { markdown, json }: ReportOptions): string => {
  if (json === true) return retellAsJson(story);
  return markdown === true ? retellAsMarkdown(story) : retellAsHtml(story);
};

const sourceInWords = ({ source }: Story): string => {
  switch (source.kind) {
    case 'record':
      return source.breaks.length === 0
        ? `made from the record ${source.head.slice(0, 16)}`
        : `made from a record that WAS CHANGED (${source.head.slice(0, 16)})`;
    default:
      return 'NOT made from the record';
  }
};

/** Never over a file that is there, and for nobody else on this machine. */
const writeOut = (file: string, text: string): void => {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const why = error instanceof Error ? oneLine(error.message) : 'for no reason that is told';
    throw new InvalidSettingsError(
      `${quoted(file)} could not be made (${why}); name a new file with --out.`,
      { cause: error },
    );
  }
};

/** A report that is not made from a verified record is one that a person has to look at. */
const exitCodeOf = ({ source, notes }: Story): number =>
  notes.length > 0 || (source.kind === 'record' && source.breaks.length + source.doubts.length > 0)
    ? exitCodes.person
    : exitCodes.done;

const storyOf = async (text: string, options: ReportOptions): Promise<Story> => {
  requireSubject(text);
  useProfile(options.profile);
  const region = await regionFor(options.region);
  const { settings } = settingsOfShell();
  const connected = await connect(makeVerifyClients, region, settings, options);
  const witnesses = stackWitnesses(connected, region, options.stack);
  const subject = await findSubject(text, { region, log: connected.log, changes: false });
  const { stored, why } = await readStackStore(connected, witnesses, subject, region, options);
  const { clock } = connected;
  const story = storyOfRecord(stored, clock.now());
  if (story !== undefined) return story;
  const verified = await verifyCase({ ...connected, ...witnesses }, subject, region).catch(
    (error: unknown) => {
      throw asCordonError(error, `${why} Reading ${subject.instanceId} back instead`);
    },
  );
  return storyOfReadBack(verified, why, stored, clock.now());
};

const report = async (text: string, options: ReportOptions): Promise<number> => {
  if (options.markdown === true && options.json === true) {
    throw new InvalidSettingsError('Name one of --markdown and --json, or neither for HTML.');
  }
  const story = await storyOf(text, options);
  const written = writtenAs(story, options);
  if (options.out === undefined) print(written.trimEnd());
  else {
    writeOut(options.out, written);
    const kilobytes = Math.ceil(Buffer.byteLength(written, 'utf8') / 1_000);
    say(`${verdictWords(story)}: ${quoted(options.out)}, ${kilobytes} KB, ${sourceInWords(story)}`);
  }
  const { source, notes } = story;
  if (source.kind === 'read-back') tell(`NOT FROM THE RECORD: ${source.why}`);
  if (source.kind === 'record') {
    for (const one of source.breaks) tell(`CHANGED: ${one}`);
    for (const one of source.doubts) tell(`NOT VERIFIED: ${one}`);
  }
  for (const note of notes) tell(note);
  return exitCodeOf(story);
};

/** `cordon report <case | instance>` */
export const addReportCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withStackOption(
    withCommonOptions(
      program
        .command('report')
        .description('The story of a case as one page for others: HTML, Markdown or JSON.')
        .argument('<case | instance>', 'a case id, or an instance id for its latest case')
        .option('--out <file>', 'the file to make (default: standard output)')
        .option('--markdown', 'as Markdown'),
    ),
  ).action(async (subject: string, options: ReportOptions) => {
    onExitCode(await orPersonDecides(report(subject, options)));
  });
};
