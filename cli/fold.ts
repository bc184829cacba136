/** How wide a line for people is, in columns: the terminal of somebody who was woken, or a log. */
export const columns = 80;

/** What continues a line stands further in than the line, so that it can be told from the next. */
const continuation = '    ';

/** What people paste, which must stay on one line: a command, an ARN, a link, values of a program. */
const isPasted = (text: string): boolean =>
  /^(?:(?:cordon|aws|npm run|source) |arn:|https:|[[{])/.test(text);

/** A command at the end of a sentence, which gets a line of its own. */
const commandAtEnd = /^(.*?[:.,;]) ((?:cordon|aws|npm run) .*)$/;

const wrapped = (words: readonly string[], indent: string): readonly string[] => {
  const lines: string[] = [];
  let line = indent;
  for (const word of words) {
    const isFirst = line.trim() === '';
    if (!isFirst && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent + continuation + word;
    } else line += isFirst ? word : ` ${word}`;
  }
  return [...lines, line];
};

const foldLine = (line: string): readonly string[] => {
  if (line.length <= columns) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const text = line.slice(indent.length);
  if (isPasted(text)) return [line];
  const [, sentence, command] = commandAtEnd.exec(text) ?? [];
  if (sentence === undefined || command === undefined) return wrapped(text.split(' '), indent);
  return [...foldLine(indent + sentence), indent + continuation + command];
};

/** Text for people in lines of 80 columns; what is pasted has a line of its own, however long. */
export const fold = (text: string): string => text.split('\n').flatMap(foldLine).join('\n');
