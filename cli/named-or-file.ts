import { existsSync } from 'node:fs';
import { makeEc2Client } from '../src/aws/client/ec2.ts';
import type { Log } from '../src/aws/log.ts';
import { instanceIdPattern } from '../src/case/case.ts';
import type { CommonOptions } from './common-options.ts';
import { connect, settingsOfShell } from './connect.ts';
import { findSubject } from './find-subject.ts';
import { regionFor } from './region.ts';
import { requireSubject } from './subject.ts';

/** A path, as people write one: nothing that is meant for a file becomes the name of an instance. */
const isFile = (text: string): boolean => /[/\\]|\.json$/.test(text) || existsSync(text);

/**
 * What `contain` and `triage` work on: the path of a file as it is, or the id of an instance, which may
 * have been named by its Name tag, its private address or a case.
 *
 * @param changes true where the command changes something: a name is confirmed then.
 * @throws UnintelligibleEventError, AmbiguousNameError, NotConfirmedError: nothing was begun.
 */
export const namedOrFile = async (
  text: string,
  options: CommonOptions,
  changes: boolean,
): Promise<string> => {
  if (instanceIdPattern.test(text) || isFile(text)) return text;
  requireSubject(text);
  const region = await regionFor(options.region);
  const makeClients = (log: Log, inRegion: string) => ({ ec2: makeEc2Client(log, inRegion) });
  const { log } = await connect(makeClients, region, settingsOfShell().settings, options);
  return (await findSubject(text, { region, log, changes })).instanceId;
};
