import { dateText, dayOfTime, timeText } from './calendar';
import type { Family } from './families';
import type { Illness } from './history';
import { moneyText } from './money';
import type { Person } from './person';
import type { PlanYear } from './plans';
import type { OrderedDrug, PerformedProcedure, Visit } from './visit';

/** CSV lines of the tables about patients; each function returns one complete line with its line end. */

/** @param expenses dollars that the patient paid in a life; @param coverage dollars that payers paid */
export function patientRow(family: Family, p: Person, expenses: number, coverage: number): string {
  const middle = family === 'C' || family === 'D' ? `${p.middle},` : '';
  const fips = family === 'A' ? '' : `${p.town.fips},`;
  const income = family === 'A' ? '' : `,${p.income}`;
  const money = (dollars: number) => (family === 'A' ? String(dollars) : dollars.toFixed(2));
  return (
    `${p.id},${dateText(p.birthDay)},${p.deathDay === undefined ? '' : dateText(p.deathDay)},${p.ssn},${p.drivers},` +
    `${p.passport},${p.prefix},${p.first},${middle}${p.last},${p.suffix},${p.maiden},${p.marital},${p.race},` +
    `${p.ethnicity},${p.gender},${p.birthplace.name}  Massachusetts  US,${p.address},${p.town.name},Massachusetts,` +
    `${p.town.county},${fips}${p.zip},${p.lat},${p.lon},${money(expenses)},${money(coverage)}${income}\n`
  );
}

export function planRow(patientId: string, plan: PlanYear): string {
  return (
    `${patientId},${plan.memberId},${timeText(plan.start)},${timeText(plan.end)},${plan.payer.id},` +
    `${plan.secondary?.id ?? ''},${plan.ownership},${plan.owner}\n`
  );
}

export function encounterRow(patientId: string, v: Visit): string {
  return (
    `${v.id},${timeText(v.start)},${timeText(v.stop)},${patientId},${v.organization.id},${v.provider.id},` +
    `${v.plan.payer.id},${v.encounterClass},${v.kind.code},${v.kind.description},${moneyText(v.price)},` +
    `${moneyText(v.total)},${moneyText(v.payerCoverage)},${reason(v.reason)}\n`
  );
}

export function conditionRow(family: Family, patientId: string, illness: Illness): string {
  return (
    `${dateText(dayOfTime(illness.onset))},${illness.endDay === undefined ? '' : dateText(illness.endDay)},${patientId},` +
    `${illness.encounterId},${codeSystem(family)}${illness.condition.code},${illness.condition.description}\n`
  );
}

export function medicationRow(patientId: string, v: Visit, drug: OrderedDrug): string {
  return (
    `${timeText(v.start)},${drug.stop === undefined ? '' : timeText(drug.stop)},${patientId},${v.plan.payer.id},` +
    `${v.id},${drug.medication.code},${drug.medication.description},${moneyText(drug.cents)},` +
    `${moneyText(drug.payerCoverage)},${drug.medication.dispenses},` +
    `${moneyText(drug.cents * drug.medication.dispenses)},${reason(drug.reason)}\n`
  );
}

export function procedureRow(family: Family, patientId: string, v: Visit, done: PerformedProcedure): string {
  return (
    `${timeText(done.start)},${timeText(done.stop)},${patientId},${v.id},${codeSystem(family)}${done.code},` +
    `${done.description},${moneyText(done.cents)},${reason(v.reason)}\n`
  );
}

function reason(illness: Illness | undefined): string {
  return illness ? `${illness.condition.code},${illness.condition.description}` : ',';
}

/** Since July 2024 conditions and procedures name the code system. */
function codeSystem(family: Family): string {
  return family === 'C' || family === 'D' ? 'http://snomed.info/sct,' : '';
}
