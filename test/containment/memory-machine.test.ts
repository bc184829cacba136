import {
  CompleteSnapshotCommand,
  EBSClient,
  PutSnapshotBlockCommand,
  StartSnapshotCommand,
} from '@aws-sdk/client-ebs';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { followExecution } from '../../emulator/follow/execution.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import { blockBytes, hashOf, zeroHash } from '../../src/evidence/memory/block.ts';
import { segmentsOf } from '../../src/evidence/memory/segments.ts';
import { treeHash } from '../../src/evidence/memory/tree-hash.ts';
import type { Account } from './account.ts';
import { useAccount } from './account.ts';

const accounts = useAccount({ evidence: true });

/** Two blocks of a volume of 1 GiB; everything else was never written. */
const written = new Map([
  [0, Buffer.alloc(blockBytes, 'header')],
  [1_500, Buffer.alloc(blockBytes, 'Linux version 6.1.112 ')],
]);

const makeSnapshot = async (account: Account): Promise<string> => {
  await account.emulator.timing({ snapshotSeconds: 0 });
  const ebs = new EBSClient(clientConfiguration(account.emulator));
  const { SnapshotId } = await ebs.send(new StartSnapshotCommand({ VolumeSize: 1 }));
  for (const [BlockIndex, BlockData] of written) {
    const Checksum = hashOf(BlockData).toString('base64');
    const block = { BlockIndex, BlockData, DataLength: blockBytes, Checksum };
    await ebs.send(
      new PutSnapshotBlockCommand({ SnapshotId, ...block, ChecksumAlgorithm: 'SHA256' }),
    );
  }
  await ebs.send(new CompleteSnapshotCommand({ SnapshotId, ChangedBlocksCount: written.size }));
  return SnapshotId ?? '';
};

describe('The machine that reads the blocks of an image', () => {
  it('makes one hash of segments that are read side by side, and looks what is in them', async () => {
    const account = await accounts.open();
    const stateMachineArn = account.stage.deployed.outputs.HashBlocksStateMachineArn ?? '';
    const snapshotId = await makeSnapshot(account);
    const input = JSON.stringify({
      case: {
        accountId: '123456789012',
        region: account.emulator.region,
        instanceId: 'i-0123456789abcdef0',
        caseId: '20260301T0307Z-i-0123456789abcdef0',
      },
      snapshotId,
      image: { from: 1, to: 2_048 },
      segments: segmentsOf(2_048, 700),
    });
    const { executionArn = '' } = await account.clients.stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name: snapshotId, input }),
    );
    const hashes = Array.from({ length: 2_048 }, (_, index) => {
      const block = written.get(index);
      return block === undefined ? zeroHash : hashOf(block);
    });
    expect(await followExecution(account.clients, executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: {
        sha256: treeHash(hashes, 2_048),
        blocks: 2_047,
        zeroBlocks: 2_046,
        banner: expect.stringMatching(/^Linux version 6\.1\.112/),
      },
    });
  });
});
