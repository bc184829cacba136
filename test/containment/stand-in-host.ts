import { CreateDocumentCommand, SSMClient } from '@aws-sdk/client-ssm';
import { hostDocument } from '../../build/host-document.ts';
import type { HostCommand, StepEnd } from '../../emulator/hosts/hosts.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { Scene } from './by-hand.ts';

/** As a stack that cuts hosts has it. */
export const hostSettings = { HOST_CUT: 'true', HOST_DOCUMENT_NAME: 'cordon-host' } as const;

/** What a host that was asked to cut or to restore says, unless it is told to say something else. */
export const wellDone = ({ parameters, scripts }: HostCommand): readonly StepEnd[] => {
  const [action = ''] = parameters.Action ?? [];
  const [caseId] = parameters.Case ?? [];
  const said = {
    ...{ cordon: 'host-cut', action, case: caseId, ok: true, error: '', method: 'nft' },
    ...{ how: 'ss', ended: 3, left: 0, planted: 0, allowed: '' },
  };
  return scripts.map(({ step }) => ({
    step,
    exitCode: 0,
    // The step of the other action ends at once, and says nothing.
    stdout: step.startsWith(action) ? `${JSON.stringify(said)}\n` : '',
  }));
};

/** Makes the document as the stack does. */
export const makeHostDocument = async (
  { emulator }: Pick<Scene, 'emulator'>,
  content: object = hostDocument(),
): Promise<void> => {
  const ssm = new SSMClient(clientConfiguration(emulator));
  await ssm.send(
    new CreateDocumentCommand({
      Name: hostSettings.HOST_DOCUMENT_NAME,
      DocumentType: 'Command',
      DocumentFormat: 'JSON',
      Content: JSON.stringify(content),
    }),
  );
  ssm.destroy();
};

/** The suspect has an agent; what it was asked to do, in order. */
export const manageHost = async (
  scene: Scene,
  run: (command: HostCommand) => Promise<readonly StepEnd[] | undefined> = async (command) =>
    wellDone(command),
): Promise<readonly string[]> => {
  const asked: string[] = [];
  await makeHostDocument(scene);
  await scene.emulator.hosts.manage(scene.world.suspectId, {
    platform: 'Linux',
    run: (command) => {
      asked.push(command.parameters.Action?.[0] ?? '');
      return run(command);
    },
  });
  return asked;
};
