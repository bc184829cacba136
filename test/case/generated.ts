/**
 * How many values a property is tried with: as many as is usual, or as many as the environment asks
 * for. `GENERATED=10000 npm run test:unit` takes minutes.
 */
export const generated = (usual: number): number =>
  Math.max(usual, Number(process.env.GENERATED ?? usual));
