import { createHash } from 'node:crypto';

/** One version of an object of the store; of one key the newest comes first, as S3 lists them. */
export interface StoredVersion {
  readonly key: string;
  /** Absent in a bucket without versions, and where only what a reader sees was asked for. */
  readonly versionId?: string;
  /** Undefined for a delete marker. */
  readonly bytes: Uint8Array | undefined;
}

/** What lies in the store of one object of a record: what was put first, and what was done to it. */
export interface StoredObject {
  readonly number: number;
  readonly key: string;
  readonly versionId?: string;
  readonly bytes?: Uint8Array;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly sha256?: string;
  /** In DER. */
  readonly signature?: Uint8Array;
  /** What shows that somebody put something over it or hid it, one sentence each. */
  readonly troubles: readonly string[];
}

const name = /\/record\/(\d{6,9})\.json(\.sig)?$/;

/** The number of an object of a record, or of the one that a signature lies beside; undefined for others. */
export const numberOf = (key: string): number | undefined => {
  const digits = name.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What was put first, and what was done to it since: nothing of a record is ever put a second time. */
const firstOf = (versions: readonly StoredVersion[], what: string) => {
  const contents = versions.filter(({ bytes }) => bytes !== undefined);
  const different = new Set(contents.map(({ bytes = new Uint8Array() }) => sha256Of(bytes)));
  const troubles = [
    ...(contents.length < versions.length ? [`${what} is hidden by a delete marker`] : []),
    ...(different.size > 1
      ? [`${what} was put over: it has ${contents.length} versions that differ`]
      : []),
  ];
  return { first: contents.at(-1), troubles };
};

const objectOf = (number: number, versions: readonly StoredVersion[]): StoredObject => {
  const isSignature = ({ key }: StoredVersion) => key.endsWith('.sig');
  const words = `object ${number} of the record`;
  const content = firstOf(
    versions.filter((one) => !isSignature(one)),
    words,
  );
  const signature = firstOf(versions.filter(isSignature), `the signature of ${words}`);
  const { bytes, versionId, key = versions[0]?.key ?? '' } = content.first ?? {};
  return {
    number,
    key,
    ...(versionId === undefined ? {} : { versionId }),
    ...(bytes === undefined ? {} : { bytes, sha256: sha256Of(bytes) }),
    ...(signature.first?.bytes === undefined ? {} : { signature: signature.first.bytes }),
    troubles: [...content.troubles, ...signature.troubles],
  };
};

/** The objects of a record by their numbers, the first first; what has another name is none of them. */
export const storedObjects = (versions: readonly StoredVersion[]): readonly StoredObject[] => {
  const byNumber = Map.groupBy(versions, ({ key }) => numberOf(key));
  return [...byNumber]
    .flatMap(([number, some]) => (number === undefined ? [] : objectOf(number, some)))
    .toSorted((a, b) => a.number - b.number);
};
