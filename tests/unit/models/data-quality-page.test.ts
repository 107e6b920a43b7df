import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { currentRulesPage, ruleIds, rulesPage } from '../../support/rules-page';

describe('docs/data-quality.md', () => {
  const page = readFileSync(rulesPage, 'utf8');

  test('says what includes/ says (node dist/tests/support/rules-page.js writes it anew)', () => {
    expect(page).toBe(currentRulesPage(page));
  });

  test('explains every rule once', () => {
    const explained = [...page.matchAll(/^\| ([EDA]\d+) \|/gm)].map(([, id]) => id);
    expect(explained).toEqual(ruleIds);
    expect(new Set(explained).size).toBe(explained.length);
    expect(explained.length).toBeGreaterThan(60);
  });
});
