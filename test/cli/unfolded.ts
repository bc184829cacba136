/** What the command has said, without the line breaks that keep it within 80 columns (cli/fold.ts). */
export const unfolded = (text: string): string => text.replace(/\n {4,}(?=\S)/g, ' ');
