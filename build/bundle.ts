import { readdirSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { build } from 'esbuild';
import { commandFile, distFolder, functionFolder, inProject } from './paths.ts';
import { shakeSchemas } from './shake-schemas.ts';

/** The functions, by the names of their handlers: `detach-auto-scaling`. */
export const functionNames = (): readonly string[] =>
  readdirSync(inProject('handlers'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'));

/** Packages that are CommonJS ask for built-in modules by `require`, which ES modules lack. */
const requireFunction =
  "import { createRequire as cordonRequire } from 'node:module';const require = cordonRequire(import.meta.url);";

const shared: BuildOptions = {
  absWorkingDir: inProject(),
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  // Names are kept, so that a stack trace can be read without a source map; they cost no time.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  plugins: [shakeSchemas],
  alias: Object.fromEntries(
    [
      ...['@aws-sdk/client-lambda', '@aws-sdk/credential-providers', 'asl-validator'],
      // No call of Cordon's answers with a stream of events.
      '@smithy/core/event-streams',
    ].map((name) => [name, inProject('build', 'absent.ts')]),
  ),
  logLevel: 'warning',
};

/** Ways to credentials that Lambda never goes: those of a function stand in its environment. */
const credentialProviders = [
  ...['http', 'ini', 'login', 'process', 'sso', 'web-identity'].map(
    (name) => `@aws-sdk/credential-provider-${name}`,
  ),
  '@smithy/credential-provider-imds',
];

/** One module per function, `dist/functions/<name>/index.mjs`, all from one run of esbuild. */
const bundleFunctions = (names: readonly string[]) =>
  build({
    ...shared,
    target: 'node24',
    entryPoints: Object.fromEntries(
      names.map((name) => [`functions/${name}/index`, `handlers/${name}.ts`]),
    ),
    outdir: distFolder,
    outExtension: { '.js': '.mjs' },
    external: credentialProviders,
    banner: { js: requireFunction },
  });

const bundleCommand = async (): Promise<void> => {
  await build({
    ...shared,
    target: 'node20',
    entryPoints: ['cli/cordon.ts'],
    outfile: commandFile,
    inject: ['build/node-20.ts'],
    banner: { js: `#!/usr/bin/env node\n${requireFunction}` },
  });
  await chmod(commandFile, 0o755);
};

/** A handler that has gone must not leave a function that can still be deployed. */
const removeStale = async (names: readonly string[]): Promise<void> => {
  const kept = new Set(names);
  const folders = readdirSync(join(distFolder, 'functions'));
  await Promise.all(
    folders
      .filter((name) => !kept.has(name))
      .map((name) => rm(functionFolder(name), { recursive: true })),
  );
};

/** Bundles every function and the command into `dist/`, over what is there. */
export const bundle = async (): Promise<void> => {
  const names = functionNames();
  await Promise.all([bundleFunctions(names), bundleCommand()]);
  await removeStale(names);
};
