/**
 * What the page reads of each exported table. NULL text reads as '', NULL counts and money as 0 (as SQL sums them);
 * kinds with `?` keep NULL as null.
 */
export const marts = {
  encounters_by_department: {
    department: 'text',
    encounter_count: 'count',
    total_claim_cost: 'money',
    total_payments: 'money',
  },
  encounters_by_org_month: {
    organization_id: 'text',
    organization_name: 'text',
    organization_state: 'text',
    month: 'date',
    encounter_count: 'count',
    total_claim_cost: 'money',
    total_payments: 'money',
  },
  payer_coverage_summary: {
    payer_id: 'text',
    payer_name: 'text',
    is_insured: 'flag',
    encounter_count: 'count',
    total_claim_cost: 'money',
    total_payer_coverage: 'money',
    total_payments: 'money',
  },
  data_quality_scorecard: {
    run_id: 'text',
    dataset: 'text',
    rule: 'text',
    description: 'text',
    action: 'text',
    rows_checked: 'count',
    rows_failed: 'count',
    measured_at: 'instant',
  },
  layer_reconciliation: {
    run_id: 'text',
    hop: 'text',
    rows_read: 'count',
    accepted: 'count',
    quarantined: 'count',
    superseded: 'count',
    difference: 'count',
    measured_at: 'instant',
  },
  pipeline_freshness: {
    dataset: 'text',
    newest_event_at: 'instant?',
    newest_load_at: 'instant?',
    lag_seconds: 'count?',
  },
  quarantine_summary: {
    rule_id: 'text',
    reason_code: 'text',
    description: 'text',
    events: 'count',
    first_enqueued_at: 'instant?',
    last_enqueued_at: 'instant?',
  },
  quality_alerts: {
    alert_id: 'text',
    severity: 'text',
    dataset: 'text',
    message: 'text',
    is_firing: 'flag',
  },
  volume_anomaly: {
    dataset: 'text',
    row_count: 'count',
    rows_added: 'count?',
    runs_compared: 'count',
    median_added: 'hundredths?',
    robust_z: 'millionths?',
    is_anomaly: 'flag',
  },
} as const satisfies Record<string, Record<string, Kind>>;

export type Kind =
  | 'text'
  | 'count'
  | 'count?'
  | 'money'
  | 'hundredths?'
  | 'millionths?'
  | 'date'
  | 'flag'
  | 'instant'
  | 'instant?';
export type MartName = keyof typeof marts;
export const martNames = Object.keys(marts) as MartName[];

interface Values {
  text: string;
  count: bigint;
  'count?': bigint | null;
  /** Cents. */
  money: bigint;
  'hundredths?': bigint | null;
  'millionths?': bigint | null;
  date: Date;
  flag: boolean;
  instant: Date;
  'instant?': Date | null;
}

export type Row<Name extends MartName> = {
  [Column in keyof (typeof marts)[Name]]: (typeof marts)[Name][Column] extends Kind
    ? Values[(typeof marts)[Name][Column]]
    : never;
};

/** Types, as `_export.json` names them, that hold each kind without loss. */
export const typesOf: Record<Kind, readonly string[]> = {
  text: ['text'],
  count: ['int64', 'int32'],
  'count?': ['int64', 'int32'],
  money: ['decimal(18,2)'],
  'hundredths?': ['decimal(18,2)'],
  'millionths?': ['decimal(18,6)'],
  date: ['date'],
  flag: ['boolean'],
  instant: ['timestamp'],
  'instant?': ['timestamp'],
};

/** What a NULL reads as. A moment or a flag that is NULL has no stand-in. */
export const nullOf: Record<Kind, string | bigint | null | undefined> = {
  text: '',
  count: 0n,
  'count?': null,
  money: 0n,
  'hundredths?': null,
  'millionths?': null,
  date: undefined,
  flag: undefined,
  instant: undefined,
  'instant?': null,
};
