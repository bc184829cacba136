/**
 * What a batch knows of the resources that are asked for; the others are read alone. Each time: what
 * the batch did not see may have appeared since.
 */
export const knownOrRead =
  <Value>(
    known: ReadonlyMap<string, Value>,
    read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  ) =>
  async (ids: readonly string[]): Promise<ReadonlyMap<string, Value>> => {
    const others = ids.filter((id) => !known.has(id));
    const answer = others.length === 0 ? new Map<string, Value>() : await read(others);
    const its = ids.flatMap((id) => {
      const value = known.get(id);
      return value === undefined ? [] : [[id, value] as const];
    });
    return new Map([...its, ...answer]);
  };
