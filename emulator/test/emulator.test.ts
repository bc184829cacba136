import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateVpcCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, expect, test, vi } from 'vitest';
import { callRest } from '../aws-call.ts';
import { startEmulator } from '../emulator.ts';
import { startMoto } from '../moto/moto-process.ts';
import { ensurePython } from '../moto/python.ts';
import { eventually } from './fixture.ts';

const START_MS = 180_000;

afterEach(() => vi.unstubAllEnvs());

const answers = async (endpoint: string): Promise<boolean> => {
  try {
    await fetch(`${endpoint}/moto-api/data.json`);
    return true;
  } catch {
    return false;
  }
};

test(
  'its environment alone leads an SDK client to it, whatever the shell says',
  async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    vi.stubEnv('AWS_PROFILE', 'production');
    vi.stubEnv('MOTO_ACCOUNT_ID', '999999999999');
    const emulator = await startEmulator();
    for (const [name, value] of Object.entries(emulator.environment)) vi.stubEnv(name, value);
    vi.stubEnv('AWS_PROFILE', undefined);
    const { Vpc } = await new EC2Client().send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    expect(Vpc).toMatchObject({ OwnerId: emulator.accountId });
    await emulator.stop();
    expect(await answers(emulator.endpoint)).toBe(false);
  },
  START_MS,
);

test(
  'two at once do not see each other, and a reset forgets everything',
  async () => {
    const [one, other] = await Promise.all([startEmulator(), startEmulator()]);
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const [ec2, otherEc2] = [one, other].map(
      ({ endpoint, region }) => new EC2Client({ endpoint, region, credentials }),
    );
    const count = async (client = ec2) =>
      (await client?.send(new DescribeVpcsCommand({})))?.Vpcs?.length;
    await ec2?.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    expect([await count(ec2), await count(otherEc2)]).toEqual([2, 1]);
    one.traffic.latency(5000);
    one.traffic.inject({ service: '*', action: '*', times: 1, kind: 'denied' });
    await one.reset();
    expect(await count()).toBe(1);
    expect(one.traffic.calls).toHaveLength(1);
    await Promise.all([one.stop(), other.stop()]);
  },
  START_MS,
);

test(
  'it dies with the process that started it, however that ends',
  async () => {
    const script = `
    const { startMoto } = await import(${JSON.stringify(
      join(import.meta.dirname, '../moto/moto-process.ts'),
    )});
    const { ensurePython } = await import(${JSON.stringify(
      join(import.meta.dirname, '../moto/python.ts'),
    )});
    const moto = await startMoto(await ensurePython(), 1);
    console.log(moto.port);
  `;
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [port] = await once(parent.stdout, 'data');
      const endpoint = `http://127.0.0.1:${String(port).trim()}`;
      expect(await answers(endpoint)).toBe(true);
      parent.kill(signal);
      await eventually(async () => ((await answers(endpoint)) ? undefined : true));
    }
  },
  START_MS,
);

test('a start that fails tells what was last said', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'broken-python-'));
  const python = join(directory, 'python3');
  await writeFile(python, '#!/bin/sh\necho "no module named moto" >&2\nexit 7\n', { mode: 0o755 });
  await expect(startMoto(python, 1)).rejects.toThrow(/exit code 7\)[\s\S]*no module named moto/);
  await rm(directory, { recursive: true });
});

test(
  'what moto cannot do is answered as an error that says so',
  async () => {
    const emulator = await startEmulator();
    const { Vpcs } = await new EC2Client({
      endpoint: emulator.endpoint,
      region: emulator.region,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    }).send(new DescribeVpcsCommand({}));
    expect(Vpcs).toHaveLength(1);
    await expect(callRest(emulator, 'ec2', 'GET', '/?Action=CreateFpgaImage')).rejects.toThrow(
      /not yet implemented|NotImplemented/i,
    );
    await emulator.stop();
  },
  START_MS,
);

test(
  'the interpreter is found, and nothing is installed, when the versions are there',
  async () => {
    const first = await ensurePython();
    const lines: string[] = [];
    expect(await ensurePython((line) => lines.push(line))).toBe(first);
    expect(lines).toEqual([]);
  },
  START_MS,
);
