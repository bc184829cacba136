import type { IsolationProfile } from '../isolation-profile.ts';
import type { Agent, Finding, Read } from './finding.ts';

/** What the profile leaves: only `forensic` opens a path. */
export const profileFindings = (
  profile: IsolationProfile,
  hasAllowList: boolean,
): readonly Finding[] => {
  if (profile === 'forensic') return [];
  if (profile === 'full') {
    return [
      {
        missing: 'profile',
        words:
          'full isolation leaves no path, by design, so collecting memory needs IsolationProfile=forensic',
      },
    ];
  }
  return hasAllowList
    ? [
        {
          words:
            'egress-lockdown lets out EgressAllowList alone, and whether that leads to the endpoints is not judged',
        },
      ]
    : [
        {
          missing: 'profile',
          words:
            'egress-lockdown lets nothing out, so collecting memory needs IsolationProfile=forensic',
        },
      ];
};

/** What Systems Manager says of the agent, which is in part what the host says of itself. */
export const agentFindings = (agent: Read<Agent | undefined>): readonly Finding[] => {
  if (!agent.known) {
    return [{ words: `whether the agent is online could not be read (${agent.why})` }];
  }
  if (agent.value === undefined) {
    return [
      {
        missing: 'agent',
        words:
          'Systems Manager does not know the instance: install its agent and give the instance a role for it',
      },
    ];
  }
  return agent.value.online
    ? []
    : [{ missing: 'agent', words: 'the agent is not online: start it on the host' }];
};
