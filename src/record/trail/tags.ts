/** Tags of one resource. */
export type Tags = Readonly<Record<string, string>>;

/** Tags of several resources, by their ids. */
export type TagsByResource = Readonly<Record<string, Tags>>;
