import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';

const caseId = '20261120T0250Z-i-0c0d0e0f0a0b0c0d1';
const traceId = '1-5759e988-bd862e3fe1be46a994272793';

/** What Lambda says to a function that is traced. */
const lambda = {
  LAMBDA_TASK_ROOT: '/var/task',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'cordon-TagFunction',
  _X_AMZN_TRACE_ID: `Root=${traceId};Parent=557abcec3ee5a047;Sampled=1`,
};

/** Annotates the trace in a process of its own; gives its exit code and what it says. */
const annotate = async (environment: Readonly<Record<string, string>>) => {
  const module = JSON.stringify(inProject('src/lambda/annotate-trace.ts'));
  const code = `const { annotateTrace } = await import(${module}); annotateTrace('${caseId}');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  child.stdout.on('data', (text) => said.push(String(text)));
  child.stderr.on('data', (text) => said.push(String(text)));
  const [exitCode] = await once(child, 'close');
  return { exitCode, said: said.join('') };
};

describe('The trace of a case', () => {
  let daemon = createSocket('udp4');
  const documents: Record<string, unknown>[] = [];
  let address = '';

  beforeEach(async () => {
    documents.length = 0;
    daemon = createSocket('udp4');
    // A header, then the segment: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html
    daemon.on('message', (packet) =>
      documents.push(JSON.parse(String(packet).split('\n')[1] ?? '')),
    );
    daemon.bind(0, '127.0.0.1');
    await once(daemon, 'listening');
    address = `127.0.0.1:${daemon.address().port}`;
  });
  afterEach(() => new Promise<void>((resolve) => daemon.close(() => resolve())));

  // fault D11
  it('can be found by the id of the case', async () => {
    const received = once(daemon, 'message');
    const { exitCode, said } = await annotate({ ...lambda, AWS_XRAY_DAEMON_ADDRESS: address });
    expect([exitCode, said]).toEqual([0, '']);
    await received;
    expect(documents).toEqual([
      expect.objectContaining({ trace_id: traceId, annotations: { caseId } }),
    ]);
  });

  it('is left alone outside Lambda, and nothing is said of it', async () => {
    expect(await annotate({ AWS_XRAY_DAEMON_ADDRESS: address })).toEqual({ exitCode: 0, said: '' });
    expect(documents).toEqual([]);
  });

  it('does not exist under sam local invoke, and nothing is said of it', async () => {
    const local = { ...lambda, AWS_SAM_LOCAL: 'true', AWS_XRAY_DAEMON_ADDRESS: address };
    expect(await annotate(local)).toEqual({ exitCode: 0, said: '' });
    expect(documents).toEqual([]);
  });

  it('is no reason to fail where a function is not traced', async () => {
    const { _X_AMZN_TRACE_ID: _, ...untraced } = lambda;
    const { exitCode } = await annotate({ ...untraced, AWS_XRAY_DAEMON_ADDRESS: address });
    expect(exitCode).toBe(0);
  });
});
