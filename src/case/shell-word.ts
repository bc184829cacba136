/** A word of these signs alone means itself in every shell; zsh expands a leading `=`. */
const plainWord = /^(?!=)[A-Za-z0-9_@%+=:,./-]+$/;

const printableAscii = /^[\x20-\x7e]*$/;

/** What stands for itself in a format of `printf`; a leading `-` would be an option. */
const plainInFormat = /^[A-Za-z0-9_@+=:,./ ]$/;

/** Other bytes as `printf` of POSIX takes them: a backslash and three octal digits. */
const octal = (text: string): string =>
  Array.from(Buffer.from(text, 'utf8'), (byte) => {
    const sign = String.fromCharCode(byte);
    return plainInFormat.test(sign) ? sign : `\\${byte.toString(8).padStart(3, '0')}`;
  }).join('');

/**
 * Command substitution drops line breaks at the end. The third sign of IFS is a line break in every
 * shell (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_05_03).
 */
const lineBreak = `"$\{IFS#??}"`;

/**
 * One word for a POSIX shell, on one line and of printable ASCII, whatever the text contains: it is
 * quoted if it has any sign that a shell could read as something else, and written as the output of
 * `printf` if it has signs that a terminal could obey or hide. NUL, which no argument of a program
 * can contain, and halves of characters become U+FFFD.
 */
export const shellWord = (text: string): string => {
  if (plainWord.test(text)) return text;
  if (printableAscii.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const whole = text.toWellFormed().replaceAll('\0', '\ufffd');
  const body = whole.replace(/\n+$/, '');
  const breaks = lineBreak.repeat(whole.length - body.length);
  return `"$(printf '${octal(body)}')"${breaks}`;
};
