import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  hostDigestFile,
  hostDigestModule,
  hostDocument,
  hostTemplate,
  hostTemplateFile,
} from '../../build/host-document.ts';
import { readTemplate } from '../../emulator/deploy/template.ts';
import { scriptsOf } from '../../emulator/hosts/document-script.ts';
import { contentDigest } from '../../src/aws/document-digest.ts';
import { hostDocumentDigest } from '../../src/case/host-document-digest.ts';
import { at } from './stack.ts';

/** What is deployed is what test/host has run. */
describe('The document that cuts hosts', () => {
  it('is the scripts as they lie there; `npm run host-document` makes it anew', () => {
    expect(readFileSync(hostTemplateFile, 'utf8')).toBe(hostTemplate());
    expect(readFileSync(hostDigestFile, 'utf8')).toBe(hostDigestModule());
  });

  it('says in the template what the code takes for it, however the JSON is written', () => {
    const { Properties } = readTemplate('templates/host.yaml').Resources.HostDocument ?? {};
    const content = at(Properties, 'Content') as object;
    expect(content).toEqual(hostDocument());
    expect(contentDigest(JSON.stringify(content))).toBe(hostDocumentDigest);
    const turned = Object.fromEntries(Object.entries(content).toReversed());
    expect(contentDigest(JSON.stringify(turned, null, 2))).toBe(hostDocumentDigest);
    expect(contentDigest(JSON.stringify({ ...content, description: 'x' }))).not.toBe(
      hostDocumentDigest,
    );
  });

  it('has room: Systems Manager takes 64 KB', () => {
    expect(JSON.stringify(hostDocument()).length).toBeLessThan(64_000);
  });

  it.each(['Linux', 'Windows'])('leaves nothing to be filled in but its parameters: %s', (one) => {
    const scripts = scriptsOf(hostDocument(), one, { Action: ['cut'], Case: ['c-1'] });
    expect(scripts).toHaveLength(2);
    for (const { text } of scripts) expect(text).not.toContain('{{');
  });

  it('takes no case that would break out of its quotes', () => {
    const { allowedPattern } = hostDocument().parameters.Case;
    expect(new RegExp(allowedPattern).test('20261126T0210Z-i-0d248d80e343efe9d')).toBe(true);
    for (const hostile of ["x'; reboot; '", 'a b', '', '{{ Action }}', 'x\n', '$(id)']) {
      expect(new RegExp(allowedPattern).test(hostile), hostile).toBe(false);
    }
  });
});
