import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument, visit } from 'yaml';
import type { Template } from '../../emulator/deploy/template.ts';
import { functionsOf, parseTemplate, readTemplate } from '../../emulator/deploy/template.ts';
import { resolveHandler } from '../../emulator/lambda/function-code.ts';
import { inProject } from '../../emulator/project.ts';
import { makeCleanCheckout } from './clean-checkout.ts';
import { ensureSam, runSam } from './sam-cli.ts';
import { at } from './stack.ts';

const run = promisify(execFile);

/** The commands of README's section Deploy, up to the one that needs an account. */
const deployCommands = (): readonly string[] => {
  const readme = readFileSync(inProject('README.md'), 'utf8');
  const block = /## Deploy\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  return block.split('\n').filter((line) => line !== '');
};

const loads = (file: string, exportName: string): string =>
  `const module = await import(${JSON.stringify(pathToFileURL(file).href)});
   if (typeof module[${JSON.stringify(exportName)}] !== 'function') throw new Error('no handler');`;

/** What Lambda does at a cold start, in a process that has nothing but Lambda's own variables. */
const loadAsLambda = async (folder: string, handler: string): Promise<void> => {
  const { file, exportName } = resolveHandler(folder, handler);
  await run(process.execPath, ['--input-type=module', '--eval', loads(file, exportName)], {
    cwd: folder,
    env: {
      AWS_REGION: 'eu-central-1',
      AWS_LAMBDA_FUNCTION_NAME: 'cordon',
      LAMBDA_TASK_ROOT: folder,
    },
  });
};

const checkout = makeCleanCheckout();
/** Outside the checkout, because Lambda has no node_modules above the code. */
const task = mkdtempSync(join(tmpdir(), 'cordon-task-'));
let builtTemplate = '';

afterAll(() => {
  rmSync(checkout, { recursive: true, force: true });
  rmSync(task, { recursive: true, force: true });
});

// fault D1, fault D2, fault D3
describe("Built by AWS's own tool, on a clean checkout, with the commands of the README", () => {
  beforeAll(async () => {
    const sam = await ensureSam();
    await run('npm', ['run', 'build'], { cwd: checkout });
    await runSam(sam, checkout, ['build']);
    await runSam(sam, checkout, ['validate', '--lint']);
    builtTemplate = readFileSync(join(checkout, '.aws-sam', 'build', 'template.yaml'), 'utf8');
    cpSync(join(checkout, '.aws-sam', 'build'), task, { recursive: true });
  });

  it('the README says nothing else', () => {
    expect(deployCommands()).toEqual([
      'npm ci && npm run build',
      'sam build',
      'sam validate --lint',
      'sam deploy --guided --stack-name cordon --capabilities CAPABILITY_IAM',
    ]);
  });

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
  it('the template has no alias, which CloudFormation takes none of, and says the same', () => {
    const sources: string[] = [];
    visit(parseDocument(builtTemplate), { Alias: (_, { source }) => void sources.push(source) });
    expect(sources).toEqual([]);
    const statements = (template: Template) => at(template.Resources.OnCallPolicy, 'Properties');
    expect(statements(parseTemplate(builtTemplate))).toEqual(statements(readTemplate()));
  });

  it('every function that is deployed is there', () => {
    const built = [...functionsOf(parseTemplate(builtTemplate)).keys()];
    expect(built.toSorted()).toEqual([...functionsOf(readTemplate()).keys()].toSorted());
  });

  it.each([...functionsOf(readTemplate()).keys()])(
    '%s starts where Lambda will look for it, with nothing but what was deployed',
    async (logicalId) => {
      const built = parseTemplate(builtTemplate);
      const properties = functionsOf(built).get(logicalId)?.Properties;
      const handler = properties?.Handler ?? built.Globals.Function.Handler ?? '';
      await expect(
        loadAsLambda(join(task, properties?.CodeUri ?? ''), handler),
      ).resolves.toBeUndefined();
    },
  );

  it('leaves the tools of the checkout as they were, Node 24 too', () => {
    expect(existsSync(join(checkout, 'node_modules', '.bin', 'node'))).toBe(true);
    expect(existsSync(join(checkout, 'node_modules', 'vitest'))).toBe(true);
    expect(existsSync(join(checkout, 'node_modules', 'esbuild'))).toBe(true);
  });

  it('leaves nothing behind that would be committed', async () => {
    const ignored = readFileSync(join(checkout, '.gitignore'), 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['dist/', '.aws-sam/', '.venv-sam/']));
  });
});
