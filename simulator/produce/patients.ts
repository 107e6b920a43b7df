import type { PatientFacts } from './encounter-event';
import { dayNumber } from './encounter-event';
import { readTable } from './read-table';

/** Birth date and gender by patient id, kept as one number each: about 100 bytes a patient. */
export class PatientIndex {
  private readonly packed = new Map<string, number>();
  private readonly genders: string[] = [];

  /** Reads the files of `patients.csv`; a patient that occurs twice counts as its last row. */
  static async read(files: readonly string[]): Promise<PatientIndex> {
    const index = new PatientIndex();
    for (const file of files)
      for await (const rows of readTable(file, ['Id', 'BIRTHDATE', 'GENDER']))
        for (const [id, birthDate, gender] of rows) if (id) index.set(id, birthDate!, gender!);
    return index;
  }

  get size(): number {
    return this.packed.size;
  }

  find(id: string): PatientFacts | undefined {
    const packed = this.packed.get(id);
    if (packed === undefined) return undefined;
    const birthDate = Math.floor(packed / 256);
    return { birthDate: birthDate || null, gender: this.genders[packed % 256] || null };
  }

  private set(id: string, birthDate: string, gender: string): void {
    let code = this.genders.indexOf(gender);
    if (code < 0) code = this.genders.push(gender) - 1;
    this.packed.set(id, (dayNumber(birthDate) ?? 0) * 256 + Math.min(code, 255));
  }
}
