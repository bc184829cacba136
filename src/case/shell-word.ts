/** One word for the shell, whatever it contains. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
