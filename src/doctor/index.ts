import type { Check } from './check.ts';
import { byHand } from './checks/by-hand.ts';
import { clock } from './checks/clock.ts';
import { cloudTrail } from './checks/cloudtrail.ts';
import { evidenceStore } from './checks/evidence-store.ts';
import { forensicWay } from './checks/forensic-way.ts';
import { groups } from './checks/groups.ts';
import { guardDuty } from './checks/guardduty.ts';
import { heartbeat } from './checks/heartbeat.ts';
import { identity } from './checks/identity.ts';
import { instance } from './checks/instance.ts';
import { queue } from './checks/queue.ts';
import { quota } from './checks/quota.ts';
import { roles } from './checks/roles.ts';
import { sampleFinding } from './checks/sample-finding.ts';
import { sealKey } from './checks/seal-key.ts';
import { stack } from './checks/stack.ts';
import { stopSwitch } from './checks/stop-switch.ts';
import { topic } from './checks/topic.ts';
import { trigger } from './checks/trigger.ts';
import { watch } from './checks/watch.ts';

/** Every check, in the order of the answer: who asks, the way of a finding, the cut, and what follows it. */
export const checks: readonly Check[] = [
  identity,
  clock,
  stack,
  stopSwitch,
  guardDuty,
  trigger,
  heartbeat,
  sampleFinding,
  queue,
  roles,
  groups,
  quota,
  topic,
  watch,
  cloudTrail,
  sealKey,
  evidenceStore,
  forensicWay,
  byHand,
  instance,
];
