import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../build/ensure-built.ts';
import type { Account } from '../containment/account.ts';
import { useAccount } from '../containment/account.ts';
import { ensureAwsCli } from './aws-cli.ts';
import { asked, caseIdOf, contained, samplesOf, settle, variablesOf } from './pages-world.ts';
import type { ShellBlock } from './shell-blocks.ts';
import { shellBlocks, strict } from './shell-blocks.ts';
import type { Shell } from './shell-scene.ts';
import { openShell } from './shell-scene.ts';

/** Every block that people paste is pasted here, in an account with a stack and a contained instance. */

const accounts = useAccount({ evidence: true, stays: true });

/** These look at what the machines of the stack collected and signed, before anybody works by hand. */
const first = ['docs/evidence.md', 'docs/trail.md'];

/** These list the cases as they stand, which the blocks that follow change. */
const isListing = ({ script }: ShellBlock): boolean => /(?:cordon|--) status\b/.test(script);

/** What stands on several pages is run once. */
const runnable = [
  ...new Map(
    shellBlocks
      .filter(({ notRun }) => notRun === undefined)
      .map((block) => [block.script.replaceAll(/ +# .*$/gm, ''), block]),
  ).values(),
];
const isEarly = (block: ShellBlock): boolean => first.includes(block.page) || isListing(block);
const ordered = [
  ...runnable.filter(isListing),
  ...first.flatMap((page) => runnable.filter((block) => block.page === page && !isListing(block))),
  ...runnable.filter((block) => !isEarly(block)),
];

const isAnswer = ({ script }: ShellBlock): boolean => /\b(?:approve|refuse) /.test(script);

let account: Account;
let shell: Shell;

const run = async (block: ShellBlock) => {
  const variables = await variablesOf(account);
  const script = (await samplesOf(account, shell)).reduce(
    (text, [sample, stands]) => text.replaceAll(sample, stands),
    block.script,
  );
  return { script, ...(await shell.run(strict(script), variables)) };
};

beforeAll(async () => {
  await ensureBuilt();
  account = await accounts.open({ parameters: { Mode: 'ask' } });
  shell = openShell(account, await ensureAwsCli());
  await asked(account, shell);
  const { code, output } = await shell.run(`cordon approve ${await caseIdOf(account)}`);
  expect(code, output).toBe(0);
  await settle(account);
});
afterAll(() => rmSync(shell.folder, { recursive: true, force: true }));

describe('The block of', () => {
  it.each(ordered.map((block) => [`${block.page}:${block.line}`, block] as const))(
    '%s does what the page says',
    async (place, block) => {
      await (isAnswer(block) ? asked : contained)(account, shell);
      const { code, script, output } = await run(block);
      expect(script, `${place}: a placeholder stands for nothing`).not.toMatch(/…/);
      expect(code, `${place}\n${script}\n${output}`).toBe(0);
      await settle(account);
    },
  );
});

describe('This check would notice', () => {
  it.each([
    ['a command that fails before others that do not', 'false\ntrue'],
    ['a variable that nobody sets', 'echo "$NOBODY_SETS_THIS"'],
    [
      'a code that is not the one that the page names',
      'cordon triage - < /dev/null  # ends with 5',
    ],
    ['a command that there is not', 'cordon gone'],
    ['a script of npm that is not run here', 'npm test'],
  ])('%s', async (_what, script) => {
    expect((await shell.run(strict(script))).code).not.toBe(0);
  });
});
