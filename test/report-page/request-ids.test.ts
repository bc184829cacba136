import { describe, expect, it } from 'vitest';
import { changesWithRequestIds } from '../../src/report-page/request-ids.ts';
import { entryWith } from '../record/chain/sample-record.ts';

const interfaceId = 'eni-0a1b2c3d4e5f60718';

/** A time of the case, in milliseconds after it began. */
const at = (milliseconds: number): string =>
  new Date(Date.parse('2026-11-20T03:00:00Z') + milliseconds).toISOString();

const changeOf = (id: string, from: number, to: number, resource = interfaceId) => {
  const { requestId: _id, ...change } = entryWith({ id, at: at(from), until: at(to), resource });
  return change;
};

const callOf = (requestId: string, from: number, to: number, about = interfaceId) =>
  entryWith({
    ...{ id: requestId, kind: 'call', at: at(from), until: at(to), requestId },
    parameters: { NetworkInterfaceId: about },
  });

const idsOf = (...entries: Parameters<typeof changesWithRequestIds>[0]) =>
  Object.fromEntries(changesWithRequestIds(entries).map((one) => [one.id, one.requestId]));

describe('The request id of a change', () => {
  it('is that of the call that was sent for it', () => {
    const calls = [callOf('of-another-interface', 110, 190, 'eni-2'), callOf('its-own', 110, 190)];
    expect(idsOf(changeOf('cut', 100, 200), ...calls)).toEqual({ cut: 'its-own' });
  });

  it('is that of the last call, where it was repeated', () => {
    const calls = [callOf('refused', 110, 120), callOf('accepted', 150, 190)];
    expect(idsOf(changeOf('cut', 100, 200), ...calls)).toEqual({ cut: 'accepted' });
  });

  it('is told apart where several changes of one resource are made at once', () => {
    const changes = [changeOf('stop', 100, 206), changeOf('termination', 100, 196)];
    const calls = [callOf('second', 101, 205), callOf('first', 101, 195)];
    expect(idsOf(...changes, ...calls)).toEqual({ stop: 'second', termination: 'first' });
  });

  it.each([
    ['of another time', callOf('later', 300, 400)],
    ['of another program', { ...callOf('other', 110, 190), program: 'ReleaseFunction' }],
    ['of another kind', { ...callOf('other', 110, 190), call: 'ec2:CreateTags' }],
  ])('is unknown where the only call is %s', (_, call) => {
    expect(idsOf(changeOf('cut', 100, 200), call)).toEqual({ cut: undefined });
  });

  it('stays as the change has it', () => {
    const change = { ...changeOf('cut', 100, 200), requestId: 'noted' };
    expect(idsOf(change, callOf('other', 110, 190))).toEqual({ cut: 'noted' });
  });
});
