import { basename } from 'node:path';
import { build } from 'esbuild';
import { functionsOf, readTemplate } from '../../emulator/deploy/template.ts';
import { projectRoot } from '../../emulator/project.ts';
import { reinforcementNamed, reinforcementNames } from '../../src/actions/index.ts';
import { readSettings } from '../../src/settings/settings.ts';

/** What the code behind a function does with its environment. */
export interface HandlerCode {
  readonly exports: readonly string[];
  /** Environment variables that it reads, Lambda's own left out. */
  readonly variables: readonly string[];
  /** Operations of AWS that it calls, such as `DescribeInstances`. */
  readonly operations: readonly string[];
}

export const screaming = (name: string): string =>
  name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, '_$&').toUpperCase();

/** Every setting that there is, by the name it has in the code. */
const settingNames = Object.keys(readSettings({}).settings);

/** The variables that a setting is read from: what is opted into has one per action. */
const variablesOf = (setting: string): readonly string[] =>
  setting === 'optedInto'
    ? reinforcementNames.flatMap((name) => reinforcementNamed(name).optIn ?? [])
    : [screaming(setting)];

/** Every variable that a setting is read from. */
export const settingVariables = settingNames.flatMap(variablesOf);

const namesIn = (code: string): readonly string[] => {
  const settings = [...code.matchAll(/\bsettings\d*\.(\w+)/g)]
    .map(([, name = '']) => name)
    .filter((name) => settingNames.includes(name));
  // Who tells of settings that were not understood has to see all of them.
  const told = /\bsettingWarnings: warnings\b/.test(code) ? settingNames : [];
  const others = [...code.matchAll(/process\.env\.(\w+)/g)].map(([, name = '']) => name);
  return [...new Set([...settings, ...told].flatMap(variablesOf).concat(others))].toSorted();
};

const operationsIn = (code: string): readonly string[] => [
  ...new Set(
    [...code.matchAll(/\bnew (\w+)Command\d*\(|\bpaginate(\w+?)(?<!V)\d*\(/g)].map(
      ([, command, paged]) => command ?? paged ?? '',
    ),
  ),
];

/** How all code is bundled here: without the packages, whose code is not the project's. */
const bundling = {
  absWorkingDir: projectRoot,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  write: false,
} as const;

/** The operations of AWS that one file of the project can call, by itself or by what it imports. */
export const readOperations = async (file: string): Promise<readonly string[]> => {
  const { outputFiles } = await build({ ...bundling, entryPoints: [file] });
  return operationsIn(outputFiles.map(({ text }) => text).join('\n'));
};

/**
 * The project's own code of every function, as bundled: what the bundler leaves out, because
 * nothing calls it, reads no variable either.
 */
export const readHandlerCode = async (): Promise<ReadonlyMap<string, HandlerCode>> => {
  const functions = [...functionsOf(readTemplate())].map(([logicalId, { Properties }]) => ({
    logicalId,
    entryPoint: `handlers/${basename(Properties.CodeUri)}.ts`,
  }));
  const { outputFiles, metafile } = await build({
    ...bundling,
    entryPoints: functions.map(({ entryPoint }) => entryPoint),
    outdir: 'bundled',
    outbase: '.',
    metafile: true,
  });
  const outputs = Object.entries(metafile.outputs);
  return new Map(
    functions.map(({ logicalId, entryPoint }) => {
      const [name = '', output] = outputs.find(([, one]) => one.entryPoint === entryPoint) ?? [];
      const code = outputFiles.find(({ path }) => path.endsWith(name))?.text ?? '';
      const exports = output?.exports ?? [];
      return [logicalId, { exports, variables: namesIn(code), operations: operationsIn(code) }];
    }),
  );
};
