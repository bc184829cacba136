import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { build } from 'esbuild';
import { projectRoot } from './project.ts';
import type { BuildProperties, FunctionResource } from './template.ts';

/** `[".js=.mjs"]` as esbuild's `{".js": ".mjs"}`. */
const pairs = (values: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf('=');
      return [value.slice(0, at), value.slice(at + 1)];
    }),
  );

const optionsOf = (properties: BuildProperties, folder: string): BuildOptions => ({
  absWorkingDir: projectRoot,
  bundle: true,
  platform: 'node',
  format: properties.Format,
  target: properties.Target,
  outbase: properties.Outbase,
  outdir: folder,
  outExtension: pairs(properties.OutExtension),
  mainFields: properties.MainFields.split(','),
  minify: properties.Minify,
  sourcemap: properties.Sourcemap,
  legalComments: properties.LegalComments,
  external: [...properties.External],
  banner: pairs(properties.Banner),
  entryPoints: [...properties.EntryPoints],
  logLevel: 'warning',
});

export interface Bundle {
  /** The bundled module that exports the handler. */
  readonly file: string;
  /** Its size in bytes, without the source map. */
  readonly bytes: number;
}

/** Bundles a function exactly as `sam build` would, with the settings of its template entry. */
export const bundleFunction = async (
  { Metadata }: FunctionResource,
  folder: string,
): Promise<Bundle> => {
  const result = await build({ ...optionsOf(Metadata.BuildProperties, folder), metafile: true });
  const output = Object.entries(result.metafile.outputs).find(([name]) => !name.endsWith('.map'));
  if (output === undefined) throw new Error('esbuild wrote no file');
  return { file: join(projectRoot, output[0]), bytes: output[1].bytes };
};
