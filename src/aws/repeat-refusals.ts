/** As much of a client as it takes to repeat its calls. */
interface Repeating {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: unknown) => Promise<unknown>,
      ) => (args: unknown) => Promise<unknown>,
      options: {
        readonly step: 'deserialize';
        readonly priority: 'high';
        readonly name: string;
        readonly override: boolean;
      },
    ): void;
  };
}

/**
 * Has a client repeat refusals that pass by themselves and that the SDK does not count among those, with the
 * same pauses and as often as the others.
 *
 * @param passes whether the same call would be taken in a moment.
 */
export const repeatRefusals = <Client extends { readonly middlewareStack: unknown }>(
  client: Client,
  passes: (error: unknown) => boolean,
): Client => {
  (client as Repeating).middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw passes(error) ? Object.assign(error as Error, { $retryable: {} }) : error;
      }
    },
    // Around what reads the answer, and within what repeats the call.
    { step: 'deserialize', priority: 'high', name: 'cordonRepeatRefusals', override: true },
  );
  return client;
};
