import type { GetConsoleOutputCommandOutput } from '@aws-sdk/client-ec2';
import { GetConsoleOutputCommand } from '@aws-sdk/client-ec2';
import { codeOf } from '../../aws/errors.ts';
import type { Collector, EvidenceDeps } from '../collector.ts';
import { kept, requestOf } from '../kept.ts';
import { consoleOutputKind } from './kind.ts';

/** Instances that are no Nitro have the output of their last transition only. */
const latestRefused = ['UnsupportedOperation', 'InvalidParameterCombination'];

const read = async (
  { clients }: EvidenceDeps,
  InstanceId: string,
): Promise<{ readonly answer: GetConsoleOutputCommandOutput; readonly latest: boolean }> => {
  try {
    const latest = new GetConsoleOutputCommand({ InstanceId, Latest: true });
    return { answer: await clients.ec2.send(latest), latest: true };
  } catch (error) {
    if (!latestRefused.includes(codeOf(error))) throw error;
    const buffered = new GetConsoleOutputCommand({ InstanceId });
    return { answer: await clients.ec2.send(buffered), latest: false };
  }
};

/**
 * What the instance wrote to its console
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html).
 */
export const consoleOutput: Collector = {
  ...consoleOutputKind,
  permissions: ['ec2:GetConsoleOutput'],
  collect: async (deps, { case: { instanceId } }) => {
    const { answer, latest } = await read(deps, instanceId);
    if (answer.Output === undefined || answer.Output === '') {
      return { outcome: 'not-applicable', sentence: 'The console of the instance is empty.' };
    }
    const piece = {
      collector: 'console-output',
      name: 'console-output.txt',
      what: latest ? 'Console output, the latest' : 'Console output of the last change of state',
      how: `ec2:GetConsoleOutput Latest=${latest} of ${answer.Timestamp?.toISOString() ?? 'an unknown time'}, ${requestOf(answer)}`,
    };
    return kept(await deps.store.keep(piece, Buffer.from(answer.Output, 'base64'), 'text/plain'));
  },
};
