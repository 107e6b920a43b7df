import { timeText } from './calendar';
import { settle, type Transaction } from './bill';
import { influenzaVaccine } from './catalogue/procedures';
import { departmentNumber } from './catalogue/encounter-kinds';
import type { FamilyFacts } from './families';
import { moneyText } from './money';
import type { Random } from './random';
import type { OrderedDrug, Visit } from './visit';

/** What a claim bills: the visit, or a drug. */
interface Line {
  readonly code: string;
  readonly note: string;
  readonly from: string;
  readonly to: string;
  readonly cents: number;
}

/** Where complete CSV lines go. */
export interface LineSink {
  write(line: string): void;
}

/** "No end" in claims_transactions. */
const openEnd = '1970-01-01T00:00:00Z';

/** Writes the claims of visits and their transactions, with the running CHARGEID of one run. */
export class ClaimWriter {
  /** The CHARGEID of the next row. */
  private chargeId = 0;

  constructor(
    private readonly facts: FamilyFacts,
    /** Last second of the run: a visit that ends later is still being billed. */
    private readonly endOfRun: number,
    private readonly claims: LineSink,
    private readonly transactions: LineSink,
  ) {}

  /** One claim for the visit and one for each drug that it ordered. */
  write(random: Random, patientId: string, visit: Visit): void {
    this.claim(random, patientId, visit);
    for (const drug of visit.drugs) this.claim(random, patientId, visit, drug);
  }

  private claim(random: Random, patientId: string, v: Visit, drug?: OrderedDrug): void {
    const id = random.uuid();
    const diagnoses = diagnosisCodes(v, drug);
    const department = departmentNumber(v.encounterClass, v.age);
    this.claims.write(this.claimRow(id, patientId, v, diagnoses, department));
    const tail = `${v.id},,${patientId},1,${v.provider.id},${v.provider.id}\n`;
    const references = diagnosisReferences(diagnoses.length);
    const lines = drug ? [drugLine(v, drug)] : visitLines(v);
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      const shared = `,${line.from},${line.to},${v.organization.id},${line.code},,,${references},1,${department},${line.note},`;
      const rows = settle(random, this.facts, v.plan, v.coverage, line.cents, i === 0);
      for (const row of rows) this.transaction(random, id, patientId, row, shared, tail);
    }
  }

  private transaction(
    random: Random,
    claimId: string,
    patientId: string,
    row: Transaction,
    shared: string,
    tail: string,
  ): void {
    const amount = moneyText(row.cents);
    const none = this.facts.noMoney;
    const chargeId = this.chargeId++;
    const { type } = row;
    // AMOUNT is filled only where a price or a moved balance stands; UNITAMOUNT only for the price.
    const priced = type === 'CHARGE' || type === 'TRANSFERIN' ? amount : '';
    const moved = type === 'TRANSFERIN' || type === 'TRANSFEROUT' ? amount : '';
    const outstanding = type === 'CHARGE' && none === '' ? '' : moneyText(row.outstanding);
    this.transactions.write(
      `${random.uuid()},${claimId},${chargeId},${patientId},${type},${priced},${row.method}${shared}` +
        `${type === 'CHARGE' ? amount : ''},${type === 'TRANSFERIN' ? chargeId - 1 : ''},${row.transferType},` +
        `${type === 'PAYMENT' ? amount : none},${type === 'ADJUSTMENT' ? amount : none},${moved},${outstanding},${tail}`,
    );
  }

  private claimRow(id: string, patientId: string, v: Visit, diagnoses: readonly string[], department: string): string {
    const { noInsurance } = this.facts;
    const insured = v.plan.payer.kind !== 'none';
    const second = v.plan.secondary;
    const open = v.stop > this.endOfRun;
    const status = open ? 'BILLED' : 'CLOSED';
    const outstanding = open ? '0.00' : '0';
    const billed = timeText(open ? v.start : v.stop);
    const institutional = v.organization.kind === 'hospital' ? '2' : '1';
    const codes = diagnoses.join(',') + ','.repeat(8 - diagnoses.length);
    // For a chronic reason the illness is as old as its onset; a new one begins with the visit.
    const onset = timeText(v.reason ? Math.min(v.reason.onset, v.start) : v.start);
    return (
      `${id},${patientId},${v.provider.id},${insured ? v.plan.payer.id : noInsurance},${second ? second.id : noInsurance},` +
      `${department},${department},${codes},,${v.id},${onset},${timeText(v.start)},${v.provider.id},${status},` +
      `${second ? status : ''},${status},${outstanding},${second ? outstanding : ''},${outstanding},${billed},` +
      `${second ? billed : ''},${billed},${institutional},${second ? institutional : '0'}\n`
    );
  }
}

function visitLines(v: Visit): Line[] {
  const from = timeText(v.start);
  const lines: Line[] = [
    // A waived claim shows the visit with a price of 0.00.
    { code: v.kind.code, note: v.kind.description, from, to: timeText(v.stop), cents: Math.min(v.price, v.total) },
  ];
  if (v.vaccine > 0)
    lines.push({
      code: influenzaVaccine.code,
      note: influenzaVaccine.description,
      from,
      to: openEnd,
      cents: v.vaccine,
    });
  for (const done of v.procedures)
    lines.push({
      code: done.code,
      note: done.description,
      from: timeText(done.start),
      to: timeText(done.stop),
      cents: done.cents,
    });
  return lines;
}

function drugLine(v: Visit, drug: OrderedDrug): Line {
  return {
    code: drug.medication.code,
    note: drug.medication.description,
    from: timeText(v.start),
    to: drug.stop === undefined ? openEnd : timeText(drug.stop),
    cents: drug.cents,
  };
}

/** The reason, then the illnesses found, else the code of the visit itself: the first is always filled, eight at most. */
function diagnosisCodes(v: Visit, drug: OrderedDrug | undefined): string[] {
  const reason = drug?.reason ?? v.reason;
  const codes = v.found.map((illness) => illness.condition.code);
  if (reason) codes.unshift(reason.condition.code);
  return codes.length ? codes.slice(0, 8) : [v.kind.code];
}

/** DIAGNOSISREF1..4: positions in the claim's list of diagnoses. */
function diagnosisReferences(count: number): string {
  return ['1,,,', '1,2,,', '1,2,3,', '1,2,3,4'][Math.min(count, 4) - 1]!;
}
