import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const constant = /^const (_\w+) = ("(?:[^"\\]|\\.)*");$/gm;
const computedKey = /\[(_\w+)\]:/g;

/** The text with each key that is the name of a string as that string. */
export const withPlainKeys = (text: string): string => {
  const strings = new Map([...text.matchAll(constant)].map(([, name, value]) => [name, value]));
  return text.replaceAll(computedKey, (whole, name: string) => {
    const value = strings.get(name);
    return value === undefined ? whole : `${value}:`;
  });
};

/**
 * Lets esbuild leave out what no function uses of the SDK's schemas. Each schema of an API is a value
 * of its own, but names its members by computed keys, which esbuild must keep for what computing them
 * might do (https://esbuild.github.io/api/#tree-shaking); the keys are strings of the same file. EC2's
 * schemas alone are 0.8 MB, which every cold start would parse.
 */
export const shakeSchemas: Plugin = {
  name: 'shake-schemas',
  setup: ({ onLoad }) => {
    onLoad(
      { filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ },
      async ({ path }) => ({
        contents: withPlainKeys(await readFile(path, 'utf8')),
        loader: 'js',
      }),
    );
  },
};
