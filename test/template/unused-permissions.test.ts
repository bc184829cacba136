import { describe, expect, it } from 'vitest';
import { functionsOf, readTemplate } from '../../emulator/template.ts';
import { readHandlerCode } from './handler-code.ts';
import { roleOf } from './policy.ts';
import { transform } from './stack.ts';

const stack = await transform();
const code = await readHandlerCode();

/** Given by the platform, or needed by AWS in answer to a call: no code names them. */
const implied = /^(?:logs|xray|kms):/;

describe('A permission that no code uses', () => {
  it.each([...functionsOf(readTemplate()).keys()])('is not granted to %s', (functionId) => {
    const operations = code.get(functionId)?.operations ?? [];
    const granted = roleOf(stack, functionId).statements.flatMap(({ actions }) => actions);
    const unused = [...new Set(granted)].filter(
      (action) => !implied.test(action) && !operations.includes(action.split(':')[1] ?? ''),
    );
    // The transform adds the right to put what intake failed at on the queue.
    expect(unused).toEqual([]);
  });

  it('would be seen: every function that talks to AWS was read', () => {
    expect(code.get('IsolateNetworkFunction')?.operations).toContain(
      'ModifyNetworkInterfaceAttribute',
    );
    expect(code.get('IntakeFunction')?.operations).toContain('StartExecution');
  });
});
