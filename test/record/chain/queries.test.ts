import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import { readTemplate } from '../../../emulator/deploy/template.ts';
import type { StoredVersion } from '../../../src/record/chain/stored-object.ts';
import type { JournalEntry } from '../../../src/record/journal/entry.ts';
import type { Stack } from '../../template/stack.ts';
import { at, resourcesOfType } from '../../template/stack.ts';
import { aKeyPair, intoList, signingWith, writeRecord } from './a-record.ts';

/** The queries over records, on DuckDB in place of Athena, with the columns that the template has. */

const template = readTemplate('templates/record.yaml') as unknown as Stack;
const [, table] = resourcesOfType(template, 'AWS::Glue::Table')[0] ?? [];
const columns = at(table?.Properties, 'TableInput', 'StorageDescriptor', 'Columns') as readonly {
  readonly Name: string;
  readonly Type: string;
}[];

const queries = new Map(
  resourcesOfType(template, 'AWS::Athena::NamedQuery').map(([, { Properties }]) => [
    String(at(Properties, 'Name')),
    String(at(Properties, 'QueryString')),
  ]),
);

/** Hive's `array<struct<id:string>>` as DuckDB's `STRUCT("id" VARCHAR)[]`. */
const typed = (type: string): string => {
  const array = /^array<(.*)>$/.exec(type)?.[1];
  if (array !== undefined) return `${typed(array)}[]`;
  const struct = /^struct<(.*)>$/.exec(type)?.[1];
  if (struct === undefined) return type === 'int' ? 'INTEGER' : 'VARCHAR';
  const fields = struct.match(/[a-z0-9]+:(?:[a-z]+<[^>]*>|[a-z]+)/g) ?? [];
  return `STRUCT(${fields
    .map((field) => {
      const [name = '', ...rest] = field.split(':');
      return `"${name}" ${typed(rest.join(':'))}`;
    })
    .join(', ')})`;
};

const caseId = '20260301T0300Z-i-0123456789abcdef0';
const instanceId = 'i-0123456789abcdef0';
const theCase = { accountId: '111122223333', region: 'eu-central-1', instanceId, caseId };

const entry = (id: string, more: Partial<JournalEntry>): JournalEntry => ({
  ...{ id, kind: 'step', at: `2026-03-01T03:0${id}:00.000Z` },
  ...{ actor: 'arn:…/IsolateNetworkFunction', program: 'IsolateNetworkFunction' },
  ...more,
});

const folder = mkdtempSync(join(tmpdir(), 'cordon-records-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const call = 'ec2:ModifyNetworkInterfaceAttribute';

const database = async () => {
  const versions: StoredVersion[] = [];
  await writeRecord(
    theCase,
    [
      {
        occasion: 'cut',
        entries: [
          entry('2', { kind: 'change', call, resource: 'eni-1', before: 'sg-1', after: 'sg-2' }),
          entry('1', { kind: 'finding', sentence: 'A finding came' }),
        ],
      },
      {
        occasion: 'end',
        entries: [
          entry('3', {
            ...{ kind: 'call', call, requestId: 'r-1', parameters: { a: [1] } },
            error: { code: 'UnauthorizedOperation', message: 'no' },
          }),
          entry('4', { kind: 'call', call, requestId: 'r-2' }),
        ],
      },
    ],
    signingWith(aKeyPair().privateKey),
    intoList(versions),
  );
  for (const { key, bytes = new Uint8Array() } of versions) {
    // Hive knows no capitals in the names of columns and fields.
    const text = Buffer.from(bytes).toString('latin1');
    writeFileSync(
      join(folder, basename(key)),
      text.replaceAll(/"(\w+)":/g, (name) => name.toLowerCase()),
      'latin1',
    );
  }
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const names = columns.map(({ Name, Type }) => `"${Name}": '${typed(Type)}'`).join(', ');
  await connection.run(
    `CREATE TABLE record_objects AS SELECT *, '${instanceId}' AS instance_id, '${caseId}' AS case_id
     FROM read_json('${folder}/*.json', format = 'newline_delimited', columns = {${names}})`,
  );
  return async (name: string, parameters = [instanceId, caseId]) => {
    // Trino makes a column of each field of a row that it unnests, DuckDB one of the row.
    const sql = (queries.get(name) ?? '').replace(
      /CROSS JOIN UNNEST\(entries\) AS entry \(.*\)/,
      ', LATERAL (SELECT UNNEST(entries, max_depth := 2)) AS entry',
    );
    return (await connection.runAndReadAll(sql, parameters)).getRowObjects();
  };
};

describe('A query over the records', () => {
  it('unnests each entry into the columns of the table, in their order', () => {
    const type = columns.find(({ Name }) => Name === 'entries')?.Type ?? '';
    const fields = [...type.replace(/error:struct<[^>]*>/, 'error:x').matchAll(/(\w+):\w+/g)];
    const list = `(${fields.map(([, name]) => (name === 'at' ? '"at"' : name)).join(', ')})`;
    expect(queries.size).toBe(3);
    for (const sql of queries.values()) expect(sql).toContain(`AS entry ${list}`);
  });

  it('tells the story, the changes, and the calls that AWS refused', async () => {
    const ask = await database();
    expect(await ask('cordon-story')).toMatchObject([
      { kind: 'finding', what: 'A finding came' },
      { kind: 'change', what: call, resource: 'eni-1' },
    ]);
    expect(await ask('cordon-changes')).toMatchObject([{ call, before: 'sg-1', after: 'sg-2' }]);
    expect(await ask('cordon-refused-calls')).toMatchObject([
      { call, code: 'UnauthorizedOperation', requestid: 'r-1' },
    ]);
    expect(await ask('cordon-story', [instanceId, 'another'])).toEqual([]);
  });
});
