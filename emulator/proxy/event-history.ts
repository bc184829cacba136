import { randomUUID } from 'node:crypto';
import { defined } from '../../src/case/defined.ts';
import type { Caller, Callers, Identity } from './callers.ts';
import type { Answer } from './fault-answers.ts';
import type { FoundEvent } from './lookup-events.ts';
import { answerLookup } from './lookup-events.ts';
import type { SeenCall } from './management-events.ts';
import {
  errorCodeOf,
  isManagementEvent,
  isReadOnly,
  parametersOf,
  resourcesOf,
} from './management-events.ts';
import type { CallParams } from './traffic.ts';

/** The event history of CloudTrail: the management events among the calls that the proxy saw. */
export interface EventHistory {
  record(call: SeenCall, caller: Caller): void;
  /** Answers `LookupEvents` to a caller who may ask. */
  lookUp(params: CallParams): Promise<Answer>;
  /** From how many milliseconds after its call on an event is shown. */
  delay(milliseconds: number): void;
  /** Forgets the events and the delay. */
  forget(): void;
}

interface KeptCall {
  readonly call: SeenCall;
  readonly caller: Caller;
  readonly eventId: string;
  /** When the call had ended, in milliseconds. */
  readonly at: number;
}

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
const userIdentityOf = ({ arn, accountId, principalId }: Identity, accessKeyId: string) => {
  const known = { principalId, arn, accountId, accessKeyId };
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (role === undefined) return { type: 'IAMUser', ...known, userName: nameOf(arn) };
  const roleArn = `arn:aws:iam::${accountId}:role/${role}`;
  const sessionIssuer = {
    ...{ type: 'Role', principalId: principalId.split(':')[0], arn: roleArn },
    ...{ accountId, userName: role },
  };
  return { type: 'AssumedRole', ...known, sessionContext: { sessionIssuer } };
};

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const bodyOf = ({ call, caller, eventId, at }: KeptCall, identity: Identity): string =>
  JSON.stringify({
    eventVersion: '1.11',
    userIdentity: userIdentityOf(identity, caller.accessKeyId),
    eventTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.action,
    awsRegion: 'us-east-1',
    sourceIPAddress: caller.address,
    ...defined({ userAgent: call.userAgent, errorCode: errorCodeOf(call) }),
    requestParameters: parametersOf(call.params),
    responseElements: null,
    requestID: call.requestId,
    eventID: eventId,
    readOnly: isReadOnly(call),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: identity.accountId,
    eventCategory: 'Management',
  });

const eventOf = (kept: KeptCall, identity: Identity): FoundEvent => ({
  EventId: kept.eventId,
  EventName: kept.call.action,
  ReadOnly: String(isReadOnly(kept.call)),
  AccessKeyId: kept.caller.accessKeyId,
  EventTime: Math.floor(kept.at / 1_000),
  EventSource: `${kept.call.service}.amazonaws.com`,
  Username: nameOf(identity.arn),
  Resources: resourcesOf(kept.call.params),
  CloudTrailEvent: bodyOf(kept, identity),
});

/** @param callers is asked whose the keys are, once for each. */
export const createEventHistory = (callers: Callers): EventHistory => {
  let kept: KeptCall[] = [];
  let delay = 0;
  let known = new Map<string, Promise<Identity>>();
  const identityOf = (accessKeyId: string): Promise<Identity> => {
    const found = known.get(accessKeyId) ?? callers(accessKeyId);
    known.set(accessKeyId, found);
    return found;
  };
  return {
    record(call, caller) {
      if (!isManagementEvent(call)) return;
      kept.push({ call, caller, eventId: randomUUID(), at: Date.now() });
    },
    async lookUp(params) {
      const from = Date.now() - delay;
      const shown = kept.filter(({ at }) => at <= from);
      const events = shown.map(async (one) =>
        eventOf(one, await identityOf(one.caller.accessKeyId)),
      );
      return answerLookup((await Promise.all(events)).toReversed(), params);
    },
    delay(milliseconds) {
      delay = milliseconds;
    },
    forget() {
      kept = [];
      delay = 0;
      known = new Map();
    },
  };
};
