import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { command, jsonWord, option } from '../../src/case/command.ts';
import { shellWord } from '../../src/case/shell-word.ts';
import { anyText } from './any-text.ts';
import { wordsInShell } from './run-shell.ts';

/** No argument of a program can hold NUL or half a character. */
const asPassed = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

const spiteful = fc.oneof(
  anyText(),
  fc.string({
    unit: fc.constantFrom(...'ab -=~!#$&*()[]{}|;<>?`\'"\\%\n\r\t\0\u001b\u009b\u202e\u2028é😀'),
  }),
);

describe('a command that is pasted', () => {
  // fault A4
  it.each(['sh', 'bash'])('passes every word to the program as it was meant, in %s', (shell) => {
    const lines = fc.sample(fc.array(spiteful, { minLength: 1, maxLength: 4 }), 10_000);
    const commands = lines.map((words) => command(words));
    expect(commands.filter((one) => !/^[\x20-\x7e]+$/.test(one))).toEqual([]);
    expect(wordsInShell(commands, shell)).toEqual(lines.map((words) => words.map(asPassed)));
  });

  it('leaves plain words as people write them', () => {
    expect(command(['aws', 'ec2', '--groups', 'sg-1', 'Key=cordon:status,Value=released'])).toBe(
      'aws ec2 --groups sg-1 Key=cordon:status,Value=released',
    );
  });

  it('quotes a word that a shell would change', () => {
    expect(shellWord("it's $(id)")).toBe("'it'\\''s $(id)'");
    expect(shellWord('')).toBe("''");
    expect(shellWord('=ls')).toBe("'=ls'");
  });

  it('shows what a terminal would obey or hide as its bytes', () => {
    expect(shellWord('a\u202eb!')).toBe('"$(printf \'a\\342\\200\\256b\\041\')"');
  });

  it('asks another command for a word', () => {
    const name = { outputOf: command(['printf', '%s', 'a b']) };
    expect(wordsInShell([command(['x', name, 'y'])])).toEqual([['x', 'a b', 'y']]);
  });

  it('keeps a value that looks like an option a value', () => {
    expect(option('--name', '-x')).toEqual(['--name=-x']);
    expect(option('--name', 'x')).toEqual(['--name', 'x']);
  });

  it('writes structures as JSON in ASCII', () => {
    const value = { Arn: 'a,b=c\u202e😀\n' };
    expect(jsonWord(value)).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(jsonWord(value))).toEqual(value);
  });
});
