import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeDocumentCommand,
  GetDocumentCommand,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import {
  memoryDigestFile,
  memoryDigestModule,
  memoryDocument,
  memoryTemplate,
  memoryTemplateFile,
} from '../../../build/memory-document.ts';
import { sendTool } from '../../../src/evidence/memory/document.ts';
import { fakeAws } from '../../steps/fake-aws.ts';

const parameters = { CaseId: '20260301T0307Z-i-0123456789abcdef0', ToolSha256: 'none' };

/** A document of this content in Systems Manager. */
const scene = (content: object) => {
  const { ssm, deps } = fakeAws();
  ssm.on(GetDocumentCommand).resolves({ Content: JSON.stringify(content), DocumentVersion: '3' });
  ssm
    .on(DescribeDocumentCommand, { DocumentVersion: '3' })
    .resolves({ Document: { Hash: 'the-hash', HashType: 'Sha256' } });
  ssm.on(SendCommandCommand).resolves({ Command: { CommandId: 'command-1' } });
  return { ssm, send: () => sendTool(deps.clients.ssm, 'Memory', 'i-1', parameters) };
};

describe('the document that runs on a host', () => {
  it('is the one of the template, made of the very script that the tests run', () => {
    expect(readFileSync(memoryTemplateFile, 'utf8')).toBe(memoryTemplate());
    expect(readFileSync(memoryDigestFile, 'utf8')).toBe(memoryDigestModule());
    const scripts = join(import.meta.dirname, '../../../src/evidence/memory/scripts');
    const script = readFileSync(join(scripts, 'acquire-linux.sh'), 'utf8');
    const [text = ''] = memoryDocument().mainSteps[0]?.inputs.runCommand ?? [];
    expect(text.endsWith(script)).toBe(true);
    expect(script).not.toContain('{{');
    expect(text.length).toBeLessThan(64_000);
  });

  it('lets no parameter through that could end its quotation', () => {
    for (const { allowedPattern } of Object.values(memoryDocument().parameters)) {
      const pattern = new RegExp(allowedPattern);
      for (const hostile of ["'", "x'; reboot; '", '$(reboot)', 'a\nb', '`reboot`', ' ']) {
        expect(pattern.test(hostile)).toBe(false);
      }
    }
  });

  it('is sent pinned by the hash of the version that was compared', async () => {
    const { ssm, send } = scene(memoryDocument());
    expect(await send()).toBe('command-1');
    expect(ssm).toHaveReceivedCommandWith(SendCommandCommand, {
      DocumentName: 'Memory',
      DocumentHash: 'the-hash',
      DocumentHashType: 'Sha256',
      InstanceIds: ['i-1'],
      Parameters: { CaseId: [parameters.CaseId], ToolSha256: ['none'] },
    });
  });

  // threat E12
  it('is not sent when somebody has changed it', async () => {
    const [step] = memoryDocument().mainSteps;
    const changed = { ...memoryDocument(), mainSteps: [step, step] };
    const { ssm, send } = scene(changed);
    await expect(send()).rejects.toThrow('was not sent');
    expect(ssm).not.toHaveReceivedCommand(SendCommandCommand);
  });
});
