/** Makes optional calls wait until the necessary calls have been sent. */
export interface Gate {
  /** Settles when everybody has passed. */
  readonly open: Promise<void>;
  /** One has passed, or needs to no longer. */
  pass(): void;
}

/** A gate that opens when it was passed so many times. */
export const gateOf = (count: number): Gate => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let missing = count;
  if (missing === 0) resolve();
  return {
    open: promise,
    pass: () => {
      missing -= 1;
      if (missing === 0) resolve();
    },
  };
};
