/** A query over the records of one case. */
export interface FlowQuery {
  /** What it answers, in one sentence. */
  readonly what: string;
  /**
   * In Athena's SQL. The template has a copy as a named query, which a test compares. Every value is a
   * parameter, in the order of `parameters`: nothing of a case is ever written into it.
   */
  readonly sql: string;
  readonly parameters: readonly QueryParameter[];
}

/** The case; the first day with records (`2026/03/01`); the first second that counts. */
export type QueryParameter = 'case' | 'day' | 'since';

/** The other end of a flow, by the address that the packet bore. */
const peer = `COALESCE(
    NULLIF(CASE WHEN flow_direction = 'egress' THEN pkt_dstaddr ELSE pkt_srcaddr END, '-'),
    CASE WHEN flow_direction = 'egress' THEN dstaddr ELSE srcaddr END
  )`;

const talkers = `SELECT
  ${peer} AS peer,
  protocol,
  CASE WHEN srcport < dstport THEN srcport ELSE dstport END AS port,
  flow_direction AS direction,
  action,
  SUM(packets) AS total_packets,
  SUM(bytes) AS total_bytes,
  MIN("start") AS first_seen,
  MAX("end") AS last_seen
FROM flow_records
WHERE case_id = ? AND day >= ? AND log_status = 'OK'
GROUP BY 1, 2, 3, 4, 5
ORDER BY total_bytes DESC, peer, port
LIMIT 200
`;

const denied = `SELECT
  ${peer} AS peer,
  protocol,
  dstport AS port,
  flow_direction AS direction,
  reject_reason,
  COUNT(*) AS records,
  SUM(packets) AS total_packets,
  MIN("start") AS first_seen,
  MAX("end") AS last_seen
FROM flow_records
WHERE case_id = ? AND day >= ? AND log_status = 'OK' AND action = 'REJECT'
GROUP BY 1, 2, 3, 4, 5
ORDER BY total_packets DESC, peer, port
LIMIT 200
`;

const afterCut = `SELECT
  ${peer} AS peer,
  protocol,
  CASE WHEN flow_direction = 'egress' THEN srcport ELSE dstport END AS own_port,
  CASE WHEN flow_direction = 'egress' THEN dstport ELSE srcport END AS peer_port,
  flow_direction AS direction,
  interface_id,
  SUM(bytes) AS total_bytes,
  MIN("start") AS first_seen,
  MAX("end") AS last_seen
FROM flow_records
WHERE case_id = ? AND day >= ? AND log_status = 'OK' AND action = 'ACCEPT' AND "start" >= ?
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY total_bytes DESC, peer, peer_port
LIMIT 200
`;

/** What can be asked of the records. The lower of two ports is taken for the service's. */
export const flowQueries = {
  talkers: {
    what: 'Who talked with the instance, over which service, and how much.',
    sql: talkers,
    parameters: ['case', 'day'],
  },
  denied: {
    what: 'What was tried and rejected, by peer and port.',
    sql: denied,
    parameters: ['case', 'day'],
  },
  'after-cut': {
    what: 'What was accepted after the cut; what the profile allows is in it.',
    sql: afterCut,
    parameters: ['case', 'day', 'since'],
  },
} as const satisfies Readonly<Record<string, FlowQuery>>;

export type FlowQueryName = keyof typeof flowQueries;

export const flowQueryNames = Object.keys(flowQueries) as readonly FlowQueryName[];

/** The values of the parameters of a query. */
export interface QueryValues {
  readonly caseId: string;
  /** Whole seconds since 1970. */
  readonly since: number;
}

/** A text as a literal of SQL: what Athena is given for a parameter is one. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** `20260301T0307Z-i-…` began on 2026/03/01. */
const dayOf = (caseId: string): string =>
  `${caseId.slice(0, 4)}/${caseId.slice(4, 6)}/${caseId.slice(6, 8)}`;

/**
 * The parameters as Athena takes them: literals of SQL, one for each question mark
 * (https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html).
 */
export const executionParameters = (
  { parameters }: FlowQuery,
  { caseId, since }: QueryValues,
): readonly string[] => {
  const values: Readonly<Record<QueryParameter, string>> = {
    case: literal(caseId),
    day: literal(dayOf(caseId)),
    since: String(since),
  };
  return parameters.map((parameter) => values[parameter]);
};
