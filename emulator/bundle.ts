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

const withoutEntry = ({ EntryPoints: _, ...settings }: BuildProperties): string =>
  JSON.stringify(settings);

const bundleAlike = async (
  functions: readonly (readonly [string, FunctionResource])[],
  folder: string,
): Promise<readonly (readonly [string, Bundle])[]> => {
  const [first] = functions;
  if (first === undefined) return [];
  const entryPoints = functions.flatMap(([, { Metadata }]) => Metadata.BuildProperties.EntryPoints);
  const options = optionsOf(
    { ...first[1].Metadata.BuildProperties, EntryPoints: entryPoints },
    folder,
  );
  const { metafile } = await build({ ...options, metafile: true });
  const outputs = Object.entries(metafile.outputs);
  return functions.map(([logicalId, { Metadata }]) => {
    const [entry] = Metadata.BuildProperties.EntryPoints;
    const output = outputs.find(([, { entryPoint }]) => entryPoint === entry);
    if (output === undefined) throw new Error(`esbuild wrote no bundle for ${logicalId}`);
    return [logicalId, { file: join(projectRoot, output[0]), bytes: output[1].bytes }] as const;
  });
};

/**
 * Bundles functions as `sam build` would, with the settings of their template entries. Functions
 * with the same settings share one run of esbuild; their bundles are separate all the same.
 */
export const bundleFunctions = async (
  functions: ReadonlyMap<string, FunctionResource>,
  folder: string,
): Promise<ReadonlyMap<string, Bundle>> => {
  const alike = Map.groupBy([...functions], ([, { Metadata }]) =>
    withoutEntry(Metadata.BuildProperties),
  );
  const bundles = await Promise.all([...alike.values()].map((some) => bundleAlike(some, folder)));
  return new Map(bundles.flat());
};
