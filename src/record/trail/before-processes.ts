import { wholeTagValue } from './tag-value.ts';

export const beforeProcessesTag = 'cordon:before:asg-processes';

const processPattern = /^[A-Za-z]+$/;

/** `resume <process> …`: the processes of the Auto Scaling group that Cordon suspends. */
export const writeProcesses = (processes: readonly string[]): string | undefined =>
  processes.length === 0 ? undefined : wholeTagValue(`resume ${processes.join(' ')}`);

/** The processes that the tag names; none for a value of another form. */
export const readProcesses = (value: string): readonly string[] => {
  const [word, ...processes] = value.split(' ');
  return word === 'resume' && processes.every((one) => processPattern.test(one)) ? processes : [];
};
