import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Answer } from '../../simulator/dirty';
import { startLakehouse, type Lakehouse } from '../support/lakehouse';
import { generateInto } from '../unit/simulator/dataset';

interface Outcome {
  event_id: string | null;
  body_hash: string;
  fate: string;
  codes: string;
}

/** Patients of the data set: about 160 events each. More by MEDSTREAM_FATES_PATIENTS (350 are 50,000 events). */
const patients = Number(process.env['MEDSTREAM_FATES_PATIENTS'] ?? 25);

jest.setTimeout(300_000 + patients * 2000);

describe('The fate of every event is the one of the answer key', () => {
  let lakehouse: Lakehouse;
  let folder: string;
  let answers: Answer[];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'medstream-fates-'));
    await generateInto(folder, 'B', patients);
    const answerKey = path.join(folder, 'answers.jsonl');
    lakehouse = await startLakehouse();
    await lakehouse.load(folder);
    await lakehouse.produce(folder, { dirty: 0.2, answerKey, lifecycle: true, seed: 11 });
    await lakehouse.toBronze();
    await lakehouse.build();
    answers = readFileSync(answerKey, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer);
  });

  afterAll(async () => {
    await lakehouse?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('0 differences', async () => {
    const outcomes = await lakehouse.query<Outcome>(
      `SELECT e.event_id, LOWER(e.body_hash) AS body_hash, o.fate,
         CASE WHEN o.fate IN ('accepted', 'repaired') THEN o.dq_flags ELSE o.reason_codes END AS codes
       FROM silver.encounter_event_outcomes o INNER JOIN silver.encounter_events e ON e.event_key = o.event_key
       ORDER BY e.enqueued_at, e.partition_id, e.sequence_number`,
    );
    const differences = compare(answers, outcomes);
    process.stderr.write(`${answers.length} events with a fate in the answer key, ${differences.length} differences\n`);
    expect(differences.slice(0, 5)).toEqual([]);
    expect(outcomes).toHaveLength(answers.length);
    expect(new Set(answers.map(({ fault }) => fault)).size).toBeGreaterThan(15);
  });

  test('every event stands in exactly one place', async () => {
    const [counts] = await lakehouse.query<Record<string, number>>(
      `SELECT COUNT(*) AS events, COUNT(DISTINCT event_key) AS keys,
         SUM(CASE WHEN fate IN ('accepted', 'repaired') THEN 1 ELSE 0 END) AS clean,
         SUM(CASE WHEN fate = 'quarantined' THEN 1 ELSE 0 END) AS quarantined
       FROM silver.encounter_event_outcomes`,
    );
    const [inTables] = await lakehouse.query<Record<string, number>>(
      `SELECT (SELECT COUNT(*) FROM silver.encounter_events) AS events,
         (SELECT COUNT(*) FROM silver.fact_encounter) AS facts,
         (SELECT COUNT(DISTINCT q.event_key) FROM silver.encounter_quarantine q) AS quarantined,
         (SELECT COUNT(*) FROM silver.encounter_quarantine q WHERE q.is_primary_reason = 1) AS primary_reasons`,
    );
    expect(counts!['keys']).toBe(counts!['events']);
    expect(inTables).toEqual({
      events: counts!['events'],
      facts: counts!['clean'],
      quarantined: counts!['quarantined'],
      primary_reasons: counts!['quarantined'],
    });
  });
});

/** Events of one id are compared in the order of arrival; an event that is no JSON is known by the hash of its body. */
function compare(answers: readonly Answer[], outcomes: readonly Outcome[]): object[] {
  const waiting = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const key = outcome.event_id ?? outcome.body_hash;
    waiting.set(key, [...(waiting.get(key) ?? []), outcome]);
  }
  const differences: object[] = [];
  for (const answer of answers) {
    const outcome = waiting.get(answer.body_sha256 ?? answer.event_id)?.shift();
    const codes = outcome?.codes.split(',') ?? [];
    if (outcome?.fate !== answer.fate || !answer.codes.every((code) => codes.includes(code)))
      differences.push({ answer, outcome });
  }
  return differences;
}
