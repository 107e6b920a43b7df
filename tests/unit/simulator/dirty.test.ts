import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { projectRoot } from '../../../common/project-root';
import { type Answer, DirtySource, type Outgoing } from '../../../simulator/dirty';
import { codes, faults } from '../../../simulator/dirty/faults';
import { type EventContent, eventsOf } from '../../../simulator/produce/encounter-event';

function encounter(i: number, lifecycle = false): EventContent[] {
  const day = String((i % 28) + 1).padStart(2, '0');
  const row = [
    `e${i}`,
    `2020-02-${day}T10:00:00Z`,
    `2020-02-${day}T10:15:00Z`,
    'p',
    'o',
    'd',
    'y',
    'ambulatory',
    '77.49',
    `${100 + i}.5`,
    '20',
  ];
  return eventsOf(row, { birthDate: 1980_01_01, gender: 'F' }, lifecycle);
}

function run(encounters: number, share: number, seed = 1, lifecycle = false) {
  const answers: Answer[] = [];
  const source = new DirtySource(share, seed, (line) => answers.push(line));
  const sent: Outgoing[] = [];
  for (let i = 0; i < encounters; i++) sent.push(...source.apply(encounter(i, lifecycle)));
  sent.push(...source.rest());
  return { answers, sent, counts: source.counts };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

describe('dirty events', () => {
  const { answers, sent, counts } = run(4000, 0.3);

  test('have one answer each, in the order of sending', () => {
    expect(answers).toHaveLength(sent.length);
    answers.forEach((answer, i) => {
      const event = parse(sent[i]!.text);
      expect(sent[i]!.key).toBe(answer.encounter_id);
      if (event) expect(event['event_id']).toBe(answer.event_id);
      else expect(answer.body_sha256).toBe(createHash('sha256').update(sent[i]!.text).digest('hex'));
    });
  });

  test('have every fault, about as often as asked for', () => {
    expect(Object.keys(counts).sort()).toEqual(faults.map((fault) => fault.name).sort());
    const faulty = Object.values(counts).reduce((sum, n) => sum + n, 0);
    expect(faulty / 4000).toBeGreaterThan(0.27);
    expect(faulty / 4000).toBeLessThan(0.33);
  });

  test('are the same for the same seed, and others for another', () => {
    expect(run(300, 0.3)).toEqual(run(300, 0.3));
    expect(run(300, 0.3).sent).not.toEqual(run(300, 0.3, 2).sent);
  });

  test('are none at share 0', () => {
    const clean = run(50, 0);
    expect(new Set(clean.answers.map((a) => a.fate))).toEqual(new Set(['accepted']));
    expect(clean.counts).toEqual({});
  });

  test('leave at most one accepted or repaired event per encounter, the newest', () => {
    const dirty = run(2000, 0.5, 3, true);
    const winners = new Map<string, number>();
    const newest = new Map<string, string>();
    dirty.answers.forEach((answer, i) => {
      if (answer.fate === 'quarantined') return;
      const time = String(parse(dirty.sent[i]!.text)!['event_time']);
      if (time > (newest.get(answer.encounter_id) ?? '')) newest.set(answer.encounter_id, time);
    });
    dirty.answers.forEach((answer, i) => {
      if (answer.fate !== 'accepted' && answer.fate !== 'repaired') return;
      winners.set(answer.encounter_id, (winners.get(answer.encounter_id) ?? 0) + 1);
      expect(parse(dirty.sent[i]!.text)!['event_time']).toBe(newest.get(answer.encounter_id));
    });
    expect(new Set(winners.values())).toEqual(new Set([1]));
    expect(winners.size).toBe(newest.size);
  });

  const bad: Record<string, (event: Record<string, unknown>) => boolean> = {
    impossible_age: (e) => Number(e['age']) < 0 || Number(e['age']) > 130,
    future_admission: (e) => String(e['admission_time']) > '2100',
    missing_time: (e) => e['admission_time'] === null,
    non_iso_time: (e) =>
      Number.isNaN(Date.parse(String(e['admission_time']))) || String(e['admission_time'])[2] === '/',
    discharge_before_admission: (e) => String(e['discharge_time']) < String(e['admission_time']),
    unknown_department: (e) => !['ambulatory'].includes(String(e['department'])),
    unknown_patient: (e) => e['patient_id'] !== 'p',
    unknown_organization: (e) => e['organization_id'] !== 'o',
    negative_cost: (e) => Number(e['total_claim_cost']) < 0,
    absurd_cost: (e) => Number(e['total_claim_cost']) > 1e9,
    coverage_above_cost: (e) => Number(e['payer_coverage']) > Number(e['total_claim_cost']),
    wrong_type: (e) => typeof e['total_claim_cost'] !== 'number' || typeof e['payer_coverage'] !== 'number',
    extra_field: (e) => 'triage' in e,
  };
  test.each(Object.keys(bad))('%s is really in the event', (fault) => {
    const events = sent.filter((_, i) => answers[i]!.fault === fault).map((item) => parse(item.text)!);
    expect(events.length).toBeGreaterThan(20);
    expect(events.filter((event) => !bad[fault]!(event))).toEqual([]);
  });

  test('late events come after all others', () => {
    const first = answers.findIndex((a) => a.fault === 'late');
    expect(first).toBe(answers.length - counts['late']!);
  });
});

describe('the codes of the answer key', () => {
  interface Rules {
    quarantineRules: { reason_code: string }[];
    flagRules: { dq_flag: string; action: string }[];
    supersededReasons: Record<string, string>;
    absurdCost: number;
    oldestAge: number;
    departments: string[];
  }
  const rules = require(path.join(projectRoot, 'includes', 'encounter_rules.js')) as Rules;

  test('are the names that the models use', () => {
    const reasons = rules.quarantineRules.map((rule) => rule.reason_code);
    for (const fault of faults) {
      if (fault.fate === 'quarantined') expect(reasons).toContain(fault.code);
      if (fault.fate === 'repaired') expect(rules.flagRules.map((rule) => rule.dq_flag)).toContain(fault.code);
    }
    expect(Object.keys(rules.supersededReasons)).toEqual(
      expect.arrayContaining([codes.duplicateEvent, codes.newerVersion]),
    );
  });

  test('fit the limits that the models use', () => {
    const { sent, answers } = run(4000, 0.5);
    const of = (fault: string) => sent.filter((_, i) => answers[i]!.fault === fault).map((item) => parse(item.text)!);
    expect(of('absurd_cost').every((e) => Number(e['total_claim_cost']) > rules.absurdCost)).toBe(true);
    expect(of('impossible_age').every((e) => Number(e['age']) < 0 || Number(e['age']) > rules.oldestAge)).toBe(true);
    expect(of('unknown_department').some((e) => rules.departments.includes(String(e['department']).trim()))).toBe(
      false,
    );
  });
});
