/** What makes a command one of root's: nothing for root, sudo where it asks for no password. */
export const asRoot: readonly string[] = process.getuid?.() === 0 ? [] : ['sudo', '-n'];

/** The same command with variables, which sudo would not hand on. */
export const withVariables = (variables: Readonly<Record<string, string>>): readonly string[] => [
  'env',
  ...Object.entries(variables).map(([name, one]) => `${name}=${one}`),
];
