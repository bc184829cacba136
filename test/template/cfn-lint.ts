import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePython } from '../../emulator/moto/python.ts';
import { inProject, projectRoot } from '../../emulator/project.ts';

const RUN = 'import sys; from cfnlint.runner import main; sys.exit(main())';

/** One line per finding, `E3001 …` an error, `W3037 …` a warning; empty when there is none. */
const findingsIn = async (file: string): Promise<readonly string[]> => {
  const python = await ensurePython();
  const output = await new Promise<string>((resolve, reject) => {
    const args = ['-c', RUN, '--format', 'json', '--', file];
    execFile(python, args, { cwd: projectRoot }, (_, stdout, stderr) => {
      // Findings make the exit code, so only silence means that the linter itself failed.
      if (stdout.trim() === '' || stderr !== '') reject(new Error(stderr || 'cfn-lint is silent'));
      else resolve(stdout);
    });
  });
  const findings: { Rule: { Id: string }; Message: string }[] = JSON.parse(output);
  return findings.map(({ Rule, Message }) => `${Rule.Id} ${Message}`);
};

/** What cfn-lint, with all its rules, says of a template. */
export const lint = async (template: string | object): Promise<readonly string[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-lint-'));
  try {
    const isText = typeof template === 'string';
    const file = join(folder, isText ? 'template.yaml' : 'template.json');
    // The linter reads the templates that are nested in it too.
    await cp(inProject('templates'), join(folder, 'templates'), { recursive: true });
    await writeFile(file, isText ? template : JSON.stringify(template, null, 2));
    return await findingsIn(file);
  } finally {
    await rm(folder, { recursive: true });
  }
};
