import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { at, template } from './stack.ts';

const application = at(template.Metadata, 'AWS::ServerlessRepo::Application');
const { version, license } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-template-publishing-applications-metadata-properties.html */
describe('What the Serverless Application Repository is told', () => {
  // fault D11
  it('is what it demands, in its form', () => {
    expect(application).toMatchObject({
      Name: expect.stringMatching(/^[a-zA-Z0-9-]{1,140}$/),
      Description: expect.stringMatching(/^.{1,256}$/s),
      Author: expect.stringMatching(/^[a-z0-9](([a-z0-9]|-(?!-))*[a-z0-9])?$/),
    });
    const labels = at(application, 'Labels') as string[];
    expect(labels.length).toBeLessThanOrEqual(10);
    for (const label of labels) expect(label).toMatch(/^[a-zA-Z0-9+\-_:/@]{1,127}$/);
  });

  it('is what the package says of itself', () => {
    expect(application).toMatchObject({ SemanticVersion: version, SpdxLicenseId: license });
  });

  it('names files that are there', () => {
    for (const key of ['LicenseUrl', 'ReadmeUrl']) {
      expect(existsSync(inProject(String(at(application, key))))).toBe(true);
    }
  });
});
