import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { makeEc2Client } from '../../src/aws/client/ec2.ts';
import { adoptCase, currentCaseId, underCase } from '../../src/aws/current-case.ts';
import { silentLog } from '../../src/aws/log.ts';

const caseId = '20261125T031000Z-i-0123456789abcdef0';

describe('the case that calls are made for', () => {
  it('is that of the work that makes them, side by side', async () => {
    const seen = await Promise.all(
      ['a', 'b'].map((id) =>
        underCase(id, async () => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          return currentCaseId();
        }),
      ),
    );
    expect(seen).toEqual(['a', 'b']);
    expect(currentCaseId()).toBeUndefined();
  });

  it('is the adopted one as soon as it is known', async () => {
    await underCase('new', async () => {
      adoptCase('old');
      expect(currentCaseId()).toBe('old');
    });
    expect(() => adoptCase('none')).not.toThrow();
  });

  // fault B6
  it('stands in the user agent of each request, in at most 50 valid characters', async () => {
    const agents: (string | undefined)[] = [];
    const client = makeEc2Client(silentLog, 'eu-central-1');
    client.config.credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 'b' });
    client.config.requestHandler = {
      ...client.config.requestHandler,
      handle: async ({ headers }) => {
        agents.push(headers['user-agent']);
        throw new Error('nothing listens here');
      },
    };
    const ask = () => client.send(new DescribeVpcsCommand({})).catch(() => undefined);
    await underCase(caseId, ask);
    await underCase('dry-20261125T031000Z-i-0123456789abcdef0\r\nX: y', ask);
    await ask();
    const [named, odd, unnamed] = agents;
    expect(named).toMatch(new RegExp(`(?:^| )cordon-${caseId}$`));
    const word = odd?.split(' ').find((one) => one.startsWith('cordon-')) ?? '';
    expect(word).toMatch(/^[\w.-]{1,50}$/);
    expect(unnamed).not.toContain('cordon-');
  });
});
