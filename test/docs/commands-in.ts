import { makeProgram } from '../../cli/program.ts';

/** Every command of `cordon`. */
const ownCommands = makeProgram(() => {}).commands.map((command) => command.name());

/** Code of a page: its blocks, and what stands between single backticks. */
const codeIn = (text: string): readonly string[] => {
  const blocks = [...text.matchAll(/^(`{3,})([\s\S]*?)^\1/gm)].map(([, , code = '']) => code);
  const prose = text.replaceAll(/^(`{3,})[\s\S]*?^\1/gm, '');
  return [...blocks, ...[...prose.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)];
};

const matches = (code: string, pattern: RegExp, prefix: string): readonly string[] =>
  [...code.matchAll(pattern)].map(([, ...words]) => [prefix, ...words].join(' '));

/**
 * The commands that a page tells people to run against AWS: `aws <service> <operation>`,
 * `cordon <command>`, `invoke <function>`. Options and values are left out.
 */
export const commandsIn = (text: string): readonly string[] => [
  ...new Set(
    codeIn(text).flatMap((code) => [
      ...matches(code, /(?<![\w/.-])aws ([a-z0-9-]+) ([a-z0-9-]+)/g, 'aws'),
      ...matches(
        code,
        new RegExp(`(?:^|[\\n$(]|cordon -- )\\s*(?:cordon )?(${ownCommands.join('|')})\\b`, 'g'),
        'cordon',
      ),
      ...matches(
        code,
        /\b(?:run (?:--silent )?invoke --|local invoke) ([A-Z]\w*Function)/g,
        'invoke',
      ),
    ]),
  ),
];

/** The AWS commands that code prints, from the words that it builds them of. */
export const commandsOfCode = (code: string): readonly string[] => [
  ...new Set([
    ...matches(code, /['"`]aws['"`],\s*['"`]([a-z0-9-]+)['"`],\s*['"`]([a-z-]+)['"`]/g, 'aws'),
    ...matches(code, /['"`]aws ([a-z0-9-]+) ([a-z0-9-]+)/g, 'aws'),
  ]),
];
