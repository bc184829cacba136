import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { readTemplate } from '../../../emulator/deploy/template.ts';
import type { Stack } from '../../template/stack.ts';
import { at, resourcesOfType } from '../../template/stack.ts';

/**
 * DuckDB in place of Athena, over files as AWS delivers them. What is taken from the template: the columns with
 * their types, in their order, and which part of a path is which partition. What is otherwise than on Athena: the
 * engine itself (Trino there), and its planner, which needs the case as a constant.
 */

const [, { Properties }] = resourcesOfType(
  readTemplate('templates/flows.yaml') as unknown as Stack,
  'AWS::Glue::Table',
)[0] ?? ['', { Properties: {} }];

const columns = at(Properties, 'TableInput', 'StorageDescriptor', 'Columns') as readonly {
  readonly Name: string;
  readonly Type: string;
}[];

const quoted = (name: string): string => `"${name}"`;

/** Hive's serde makes NULL of what is no number, and keeps the dash of a text. */
const typed = ({ Name, Type }: { readonly Name: string; readonly Type: string }): string =>
  Type === 'string'
    ? quoted(Name)
    : `TRY_CAST(${quoted(Name)} AS ${Type === 'int' ? 'INTEGER' : 'BIGINT'}) AS ${quoted(Name)}`;

/** A literal of SQL, as Athena takes it for a parameter, as the value that it stands for. */
const meantBy = (literal: string): string | bigint =>
  literal.startsWith("'") ? literal.slice(1, -1).replaceAll("''", "'") : BigInt(literal);

/**
 * Makes a table of files of a store, by their keys.
 *
 * @returns runs one query with its parameters, and answers with rows of texts, as Athena does.
 */
export const athenaOver = async (files: ReadonlyMap<string, Uint8Array>) => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-flows-'));
  const paths = [...files].map(([key, content]) => {
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  });
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const names = columns.map(({ Name }) => `'${Name}': 'VARCHAR'`).join(', ');
  const list = paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ');
  await connection.run(
    `CREATE TABLE flow_records AS SELECT ${columns.map(typed).join(', ')},
       regexp_extract(filename, '/flows/[^/]+/[^/]+/([^/]+)/AWSLogs/', 1) AS case_id,
       regexp_extract(filename, '/(\\d{4}/\\d{2}/\\d{2})/[^/]+$', 1) AS day
     FROM read_csv([${list}], delim = ' ', header = false, skip = 1, quote = '', filename = true,
       columns = {${names}})`,
  );
  return async (sql: string, parameters: readonly string[]) => {
    const reader = await connection.runAndReadAll(sql, parameters.map(meantBy));
    return reader
      .getRowObjects()
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, value === null ? '' : String(value)]),
        ),
      );
  };
};
