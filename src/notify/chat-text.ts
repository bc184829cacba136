import { oneLine } from '../case/one-line.ts';

/** Signs that are markup in Slack or Teams, and signs that look like them. */
const markup = /[*_`~[\]]/g;

/**
 * Text in a chat: no markup, no mention (it would wake the whole channel), no link. What chats turn
 * into links by themselves is broken up as people who handle malware do: `https[:]//`, `evil[.]example`.
 */
export const chatText = (text: string): string =>
  oneLine(text)
    .replace(/[<>]/g, (sign) => (sign === '<' ? '‹' : '›'))
    .replace(/@/g, '＠')
    .replace(markup, '')
    .replaceAll('://', '[:]//')
    // Chats take two letters behind a dot for a domain; finding types end in one letter.
    .replace(/(?<=[\p{L}\p{N}-])\.(?=\p{L}{2})/gu, '[.]');
