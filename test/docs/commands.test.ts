import { globSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { everyOptIn, parametersFor, stack } from '../template/opted-in.ts';
import { managedPolicy } from '../template/policy.ts';
import { withParameters } from '../template/resolve.ts';
import { commandsIn, commandsOfCode } from './commands-in.ts';
import { grants, neededBy } from './needed-by-command.ts';

/** The managed policies for people, by the word that docs/iam.md has for each. */
const policies = {
  read: 'OnCallReadPolicy',
  'on-call': 'OnCallPolicy',
  reinforce: 'OnCallReinforcePolicy',
  answer: 'OnCallAnswerPolicy',
  doctor: 'OnCallDoctorPolicy',
  release: 'OnCallReleasePolicy',
  examiner: 'ExaminerPolicy',
  record: 'ExaminerRecordPolicy',
  host: 'OnCallHostPolicy',
} as const;

type Policy = keyof typeof policies;

const full = withParameters(stack, {
  ...parametersFor(...everyOptIn),
  FlowLogs: 'true',
  MirrorTargetId: 'tmt-0123456789abcdef0',
});

const grantedBy = (names: readonly Policy[]): readonly string[] =>
  names.flatMap((name) =>
    managedPolicy(full, policies[name]).statements.flatMap(({ actions }) => actions),
  );

const everyPolicy = Object.keys(policies) as readonly Policy[];

/** For whoever administers the organization, who has rights of their own. */
const forOthers = ['service-control-policy.md'];

/** Settings of the whole account, which the on-call may not change: its owner decides. */
const ownersDecision = ['aws ec2 disable-serial-console-access', 'aws ec2 create-snapshot'];

const read = (page: string): string => readFileSync(inProject(page), 'utf8');

const pages = [
  'README.md',
  ...readdirSync(inProject('docs'))
    .filter((name) => name.endsWith('.md') && !forOthers.includes(name))
    .map((name) => `docs/${name}`),
];

const documented = pages.flatMap((page) =>
  commandsIn(read(page)).map((command) => [page, command] as const),
);

const printed = globSync('src/**/*.ts', { cwd: inProject('.') }).flatMap((file) =>
  commandsOfCode(read(file)).map((command) => [file, command] as const),
);

const missing = async (names: readonly Policy[], command: string): Promise<readonly string[]> => {
  const granted = grantedBy(names);
  return (await neededBy(command)).filter((one) => !grants(granted, one));
};

describe('A command that people are told to run', () => {
  const all = [...documented, ...printed].filter(
    ([, command]) => !ownersDecision.includes(command),
  );

  // fault D5
  it.each(all)('%s: %s is granted by the policies for people', async (_, command) => {
    expect(await missing(everyPolicy, command)).toEqual([]);
  });

  it('would be found: there are some of every kind', () => {
    const found = documented.map(([, command]) => command);
    expect(found).toEqual(
      expect.arrayContaining([
        'aws ec2 modify-network-interface-attribute',
        'aws elb register-instances-with-load-balancer',
        'aws sqs receive-message',
        'cordon contain',
        'cordon release',
        'cordon stop',
        'invoke VerifyFunction',
      ]),
    );
    expect(printed.length).toBeGreaterThan(8);
  });

  it.each([
    ['aws ec2 terminate-instances', 'ec2:TerminateInstances'],
    ['aws elbv2 delete-load-balancer', 'elasticloadbalancing:DeleteLoadBalancer'],
  ])('would be noticed when nobody grants it: %s', async (command, action) => {
    expect(await missing(everyPolicy, command)).toEqual([action]);
  });
});

describe('docs/iam.md says which policy a command takes', () => {
  /** Rows of the table: the commands in the first column, the policies in the second. */
  const rows = [...read('docs/iam.md').matchAll(/^\| (.+?) \| ((?:[a-z-]+)(?:, [a-z-]+)*) \|$/gm)]
    .map(([, what = '', names = '']) => ({
      commands: commandsIn(what),
      names: names.split(', ') as Policy[],
    }))
    .filter(({ names }) => names.every((name) => everyPolicy.includes(name)));

  // fault D5
  it.each(rows.flatMap(({ commands, names }) => commands.map((one) => [one, names] as const)))(
    '%s: %j, and these are enough',
    async (command, names) => {
      expect(await missing(names, command)).toEqual([]);
    },
  );

  it('for every command of README and docs', async () => {
    const told = rows.flatMap(({ commands }) => commands);
    const commands = [...new Set(documented.map(([, command]) => command))];
    const calls = await Promise.all(commands.map(neededBy));
    const needing = commands
      .filter((_, at) => (calls[at] ?? []).length > 0)
      .filter((command) => !ownersDecision.includes(command))
      .filter((command) => !/^aws (?:sso|sts|configure) |^invoke /.test(command));
    expect(needing.filter((command) => !told.includes(command))).toEqual([]);
  });

  it('and names no policy that a row can do without', async () => {
    for (const { commands, names } of rows) {
      for (const name of names) {
        const others = names.filter((one) => one !== name);
        const lacking = await Promise.all(commands.map((command) => missing(others, command)));
        expect(lacking.flat().length, `${commands.join(', ')} without ${name}`).toBeGreaterThan(0);
      }
    }
  });
});

describe('Commands in a page', () => {
  it('are those in code, inside of others too', () => {
    const page =
      'aws ec2 not-code\n\n`aws ec2 describe-vpcs --x`\n\n```sh\n$ cordon verify i-1\naws sqs receive-message --queue-url "$(aws sqs get-queue-url --queue-name q)"\nnpm run --silent cordon -- contain i-1\nsam local invoke TagFunction\n```\n';
    expect(commandsIn(page).toSorted()).toEqual([
      'aws ec2 describe-vpcs',
      'aws sqs get-queue-url',
      'aws sqs receive-message',
      'cordon contain',
      'cordon verify',
      'invoke TagFunction',
    ]);
  });
});
