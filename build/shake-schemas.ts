import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const constant = /^const (_\w+) = ("(?:[^"\\]|\\.)*");$/gm;
const computedKey = /\[(_\w+)\]:/g;
const registeredError =
  /^(export var (\w+)\$ = \[-3, \w+, \w+,\n.*,\n *\[(.*)\],\n[^;]*\];\n)\w+\.registerError\(\2\$, \2\);$/gm;

const stringsOf = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(constant)].map(([, name = '', value = '']) => [name, value]));

/** The text with each key that is the name of a string as that string. */
export const withPlainKeys = (text: string): string => {
  const strings = stringsOf(text);
  return text.replaceAll(computedKey, (whole, name: string) => {
    const value = strings.get(name);
    return value === undefined ? whole : `${value}:`;
  });
};

/**
 * The text with no error registered that has nothing but a message. For an error that is not
 * registered the SDK throws the service's own exception under the name that AWS sent, with every
 * field of the answer, so name, message and fault stay as they were. Nothing here compares classes.
 */
export const withoutPlainErrors = (text: string): string => {
  const strings = stringsOf(text);
  return text.replaceAll(registeredError, (whole, schema: string, _name, members: string) => {
    const names = members.split(', ').filter((member) => member !== '');
    const isPlain = names.every((member) => /^"message"$/i.test(strings.get(member) ?? ''));
    return isPlain ? schema : whole;
  });
};

/**
 * Whether the service sends an error under the name that the SDK gives it. Those that speak XML, and
 * SQS for the sake of clients that did, send other codes, which only the registered error translates
 * (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsqueryerror-trait).
 */
const sendsNamesOfErrors = async (schemas: string): Promise<boolean> => {
  const config = await readFile(join(schemas, '..', '..', 'runtimeConfig.shared.js'), 'utf8');
  return config.includes('AwsJson1_') && !config.includes('awsQueryCompatible');
};

/**
 * Lets esbuild leave out what no function uses of the SDK's schemas. Each schema of an API is a value
 * of its own, but names its members by computed keys, which esbuild must keep for what computing them
 * might do (https://esbuild.github.io/api/#tree-shaking); the keys are strings of the same file. EC2's
 * schemas alone are 0.8 MB, which every cold start would parse. Each error of an API is registered,
 * used or not: the 140 of Systems Manager are 80 kB.
 */
export const shakeSchemas: Plugin = {
  name: 'shake-schemas',
  setup: ({ onLoad }) => {
    onLoad(
      { filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ },
      async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const shaken = (await sendsNamesOfErrors(path)) ? withoutPlainErrors(text) : text;
        return { contents: withPlainKeys(shaken), loader: 'js' };
      },
    );
  },
};
