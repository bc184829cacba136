import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { inProject } from '../../emulator/project.ts';

/** A block of a page that people paste into a shell. */
export interface ShellBlock {
  readonly page: string;
  /** The line of its fence, from 1. */
  readonly line: number;
  readonly script: string;
  /** Why it is not run, as the comment before it says; undefined where there is no such comment. */
  readonly notRun?: string;
}

const fence = /^(?<indent> *)(?<marks>`{3,})sh *$/;
const mark = /^ *<!-- not run: *(?<reason>.*?) *-->$/;

/** The blocks of a page in the language `sh`, in the order in which they stand. */
export const shellBlocksIn = (page: string, text: string): readonly ShellBlock[] => {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const opening = fence.exec(line)?.groups;
    if (opening === undefined) return [];
    const { indent = '', marks = '' } = opening;
    const rest = lines.slice(at + 1);
    const length = rest.indexOf(`${indent}${marks}`);
    if (length < 0) throw new Error(`${page}:${at + 1}: the block does not end.`);
    const script = rest
      .slice(0, length)
      .map((one) => (one.startsWith(indent) ? one.slice(indent.length) : one))
      .join('\n');
    const reason = mark.exec(lines[at - 1] ?? '')?.groups?.reason;
    return [{ page, line: at + 1, script, ...(reason === undefined ? {} : { notRun: reason }) }];
  });
};

/** The pages that tell people what to type. */
export const pages: readonly string[] = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'emulator/README.md'],
  ...readdirSync(inProject('docs')).map((name) => `docs/${name}`),
].filter((page) => page.endsWith('.md') && existsSync(inProject(page)));

/** Every block of the pages. */
export const shellBlocks: readonly ShellBlock[] = pages.flatMap((page) =>
  shellBlocksIn(page, readFileSync(inProject(page), 'utf8')),
);

/**
 * A script that ends at the first command which does not end as the page says: with 0, or with the code
 * that a comment behind it names (`# ends with 5`).
 */
export const strict = (script: string): string =>
  script.replaceAll(
    /^(\S.*?) +# ends with (\d+)\b.*$/gm,
    'code=0; $1 || code=$?; [ "$code" -eq $2 ]',
  );

/**
 * What a block may contain that a test cannot run beside others, against an emulated account: only such a
 * block may be marked, and the reason has to be true of it.
 */
export const elsewhere: Readonly<Record<string, RegExp>> = {
  'installs, builds or tests the project itself':
    /^(?:npm (?:ci|test|run (?!--silent (?:cordon|invoke)))|npx )/m,
  'needs the SAM CLI, and an account or Docker': /^sam /m,
  'needs root on a host or a volume attached to it': /^(?:mount|nft) /m,
  'needs an AWS Organization': /^aws organizations /m,
  'needs the policy of an organization': /^aws .*--dry-run/m,
  'needs a stack that collects memory': /--memory-first/,
  'needs an account that is ready': /^npm run --silent cordon -- doctor/m,
  'needs records that AWS delivers, and Athena': /^cordon evidence flows /m,
  'needs Athena': /^aws athena /m,
  'needs AWS Config': /^aws configservice /m,
  'needs Resource Groups': /^aws resource-groups /m,
};
