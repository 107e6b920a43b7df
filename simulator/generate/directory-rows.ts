import { lastNames, femaleNames, maleNames } from './catalogue/people';
import type { Family } from './families';
import { moneyText } from './money';
import { townDraw, type Network } from './network';
import { personName } from './person';
import type { PayerEntry } from './plans';
import { Random } from './random';
import { Stream } from './streams';

/** CSV lines of the directories: organizations, providers and payers; written last, for they count the patients' visits. */

const kinds = { hospital: 'HOSPITAL', clinic: 'PRIMARY CARE', urgentcare: 'URGENT CARE' } as const;
const places = 'HARBOR RIVER VALLEY HILL LAKE SUMMIT MEADOW CEDAR MAPLE GRANITE COASTAL ORCHARD'.split(' ');
const specialities =
  'GENERAL PRACTICE,INTERNAL MEDICINE,NURSE PRACTITIONER,PHYSICAL THERAPY,EMERGENCY MEDICINE,CLINICAL PSYCHOLOGIST'.split(
    ',',
  );

/** Lines of organizations.csv and providers.csv. */
export function directoryRows(family: Family, network: Network): { organizations: string[]; providers: string[] } {
  const organizations: string[] = [];
  const providers: string[] = [];
  for (const organization of network.organizations) {
    const random = new Random(network.seed, Stream.organizationRow, organization.index);
    const town = townDraw.draw(random);
    const street = `${random.int(1, 999)} SYNTHETIC STREET`;
    // In one of six the simulation has visits that were not exported.
    const simulated = organization.encounters + 1 + Math.floor(organization.encounters * random.unit() * 1.5);
    const zip = random.pick(town.zips) + (random.chance(0.2) ? `-${random.int(1000, 9999)}` : '');
    const phone = random.chance(0.13) ? '' : random.pick(phoneFormats)(random);
    const place = `${street},${town.name.toUpperCase()},MA,${zip},${town.lat},${town.lon}`;
    organizations.push(
      `${organization.id},${random.pick(places)} ${town.name.toUpperCase()} ${kinds[organization.kind]} ` +
        `${organization.index + 1} (SYNTHETIC),${place},${phone},0.0,${simulated}${npi(family, random)}\n`,
    );
    for (let i = 0; i < organization.providers.length; i++) {
      const provider = organization.providers[i]!;
      const female = random.chance(0.5);
      const name = `${personName(random, female ? femaleNames : maleNames)} ${personName(random, lastNames)}`;
      const work = family === 'A' ? `${provider.encounters}` : `${provider.encounters},${provider.procedures}`;
      const speciality = i === 0 ? specialities[0]! : random.pick(specialities);
      providers.push(
        `${provider.id},${organization.id},${name},${female ? 'F' : 'M'},${speciality},${place},${work}${npi(family, random)}\n`,
      );
    }
  }
  return { organizations, providers };
}

/** Whole-run totals of one payer, in cents and counts. */
export interface PayerTotals {
  covered: number;
  uncovered: number;
  encounters: number;
  medications: number;
  procedures: number;
  immunizations: number;
  planYears: number;
  customers: number;
}

export function emptyTotals(): PayerTotals {
  return {
    covered: 0,
    uncovered: 0,
    encounters: 0,
    medications: 0,
    procedures: 0,
    immunizations: 0,
    planYears: 0,
    customers: 0,
  };
}

/** A line of payers.csv. Counts stand under "covered" for payers and under "uncovered" for NO_INSURANCE. */
export function payerRow(family: Family, payer: PayerEntry, t: PayerTotals): string {
  const insured = payer.kind !== 'none';
  const count = (n: number) => (insured ? `${n},0` : `0,${n}`);
  const ownership = family === 'A' ? '' : `${payer.ownership},`;
  const location = family === 'A' ? payer.location : ',,,,';
  const revenue = insured ? t.planYears * 325_000 : 0;
  return (
    `${payer.id},${payer.name},${ownership}${location},${moneyText(t.covered)},${moneyText(t.uncovered)},` +
    `${moneyText(revenue)},${count(t.encounters)},${count(t.medications)},${count(t.procedures)},` +
    `${count(t.immunizations)},${t.customers},${t.customers ? '0.85' : 'NaN'},${t.planYears * 12}\n`
  );
}

function npi(family: Family, random: Random): string {
  return family === 'D' ? `,99${random.int(10000000, 99999999)}` : '';
}

const phoneFormats: readonly ((random: Random) => string)[] = [
  (random) => `555${random.int(1000000, 9999999)}`,
  (random) => `555-${random.int(100, 999)}-${random.int(1000, 9999)}`,
  (random) => `(555) ${random.int(100, 999)}-${random.int(1000, 9999)}`,
];
