import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from '../deploy/template.ts';
import { functionsOf } from '../deploy/template.ts';
import { inProject } from '../project.ts';

/** The module of a function and the name under which it exports the handler. */
export interface FunctionCode {
  readonly file: string;
  readonly exportName: string;
}

/** The endings that Lambda's runtime for Node tries, in this order. */
const endings = ['.js', '.mjs', '.cjs'] as const;

/**
 * Finds a handler as Lambda's runtime does: `index.handler` is the export `handler` of `index.js`,
 * `index.mjs` or `index.cjs` (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html).
 *
 * @throws Error where Lambda would end with `Runtime.ImportModuleError`.
 */
export const resolveHandler = (folder: string, handler: string): FunctionCode => {
  const dot = handler.lastIndexOf('.');
  const module = join(folder, handler.slice(0, dot));
  const file = endings.map((ending) => `${module}${ending}`).find(existsSync);
  if (file === undefined) {
    throw new Error(`Runtime.ImportModuleError: Cannot find module '${module}' for ${handler}`);
  }
  return { file, exportName: handler.slice(dot + 1) };
};

/**
 * The code of a function of template.yaml, as it was built.
 *
 * @throws Error when it has not been built.
 */
export const functionCode = (template: Template, logicalId: string): FunctionCode => {
  const { CodeUri = '', Handler } = functionsOf(template).get(logicalId)?.Properties ?? {};
  return resolveHandler(inProject(CodeUri), Handler ?? template.Globals.Function.Handler ?? '');
};
