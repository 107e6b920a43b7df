/**
 * The CSV headers that Synthea has written since 2021. There is no version number in the files: a family is known by its
 * column names only. A is v3.0 (2021-22), B September 2022 to spring 2024, C 2024 on, D 2026 (`NPI`).
 */
export type HeaderFamily = 'A' | 'B' | 'C' | 'D';
export const headerFamilies: readonly HeaderFamily[] = ['A', 'B', 'C', 'D'];

/** The files that MedStream loads; each is a table of the same name in bronze. */
export const syntheaFiles = [
  'patients',
  'encounters',
  'organizations',
  'providers',
  'payers',
  'conditions',
  'claims',
  'claims_transactions',
  'payer_transitions',
  'medications',
  'procedures',
] as const;
export type SyntheaFile = (typeof syntheaFiles)[number];

export function isSyntheaFile(name: string): name is SyntheaFile {
  return (syntheaFiles as readonly string[]).includes(name);
}

interface FileHeaders {
  /** Columns without which the rows cannot be used: keys, and what the encounter marts are made of. */
  required: readonly string[];
  /** Column order of the file in each family that changed it; a later family without entry has the one before it. */
  A: readonly string[];
  B?: readonly string[];
  C?: readonly string[];
  D?: readonly string[];
}

const columns = (text: string): readonly string[] => Object.freeze(text.split(/[\s,]+/).filter(Boolean));

const patientsStart = 'Id BIRTHDATE DEATHDATE SSN DRIVERS PASSPORT PREFIX FIRST';
const patientsMiddle =
  'LAST SUFFIX MAIDEN MARITAL RACE ETHNICITY GENDER BIRTHPLACE ADDRESS CITY STATE COUNTY FIPS ZIP LAT LON';
const providers = 'Id ORGANIZATION NAME GENDER SPECIALITY ADDRESS CITY STATE ZIP LAT LON';
const organizations = 'Id NAME ADDRESS CITY STATE ZIP LAT LON PHONE REVENUE UTILIZATION';
const payerCounts = `AMOUNT_COVERED AMOUNT_UNCOVERED REVENUE COVERED_ENCOUNTERS UNCOVERED_ENCOUNTERS
  COVERED_MEDICATIONS UNCOVERED_MEDICATIONS COVERED_PROCEDURES UNCOVERED_PROCEDURES COVERED_IMMUNIZATIONS
  UNCOVERED_IMMUNIZATIONS UNIQUE_CUSTOMERS QOLS_AVG MEMBER_MONTHS`;
const payerAddress = 'ADDRESS CITY STATE_HEADQUARTERED ZIP PHONE';

const headers: Readonly<Record<SyntheaFile, FileHeaders>> = {
  patients: {
    required: columns('Id BIRTHDATE GENDER'),
    A: columns(`${patientsStart} ${patientsMiddle} HEALTHCARE_EXPENSES HEALTHCARE_COVERAGE`).filter(
      (name) => name !== 'FIPS',
    ),
    B: columns(`${patientsStart} ${patientsMiddle} HEALTHCARE_EXPENSES HEALTHCARE_COVERAGE INCOME`),
    C: columns(`${patientsStart} MIDDLE ${patientsMiddle} HEALTHCARE_EXPENSES HEALTHCARE_COVERAGE INCOME`),
  },
  encounters: {
    required: columns(
      'Id START STOP PATIENT ORGANIZATION PROVIDER PAYER ENCOUNTERCLASS TOTAL_CLAIM_COST PAYER_COVERAGE',
    ),
    A: columns(`Id START STOP PATIENT ORGANIZATION PROVIDER PAYER ENCOUNTERCLASS CODE DESCRIPTION BASE_ENCOUNTER_COST
      TOTAL_CLAIM_COST PAYER_COVERAGE REASONCODE REASONDESCRIPTION`),
  },
  organizations: {
    required: columns('Id NAME'),
    A: columns(organizations),
    D: columns(`${organizations} NPI`),
  },
  providers: {
    required: columns('Id ORGANIZATION'),
    A: columns(`${providers} UTILIZATION`),
    B: columns(`${providers} ENCOUNTERS PROCEDURES`),
    D: columns(`${providers} ENCOUNTERS PROCEDURES NPI`),
  },
  payers: {
    required: columns('Id NAME'),
    A: columns(`Id NAME ${payerAddress} ${payerCounts}`),
    B: columns(`Id NAME OWNERSHIP ${payerAddress} ${payerCounts}`),
  },
  conditions: {
    required: columns('START PATIENT ENCOUNTER CODE'),
    A: columns('START STOP PATIENT ENCOUNTER CODE DESCRIPTION'),
    C: columns('START STOP PATIENT ENCOUNTER SYSTEM CODE DESCRIPTION'),
  },
  claims: {
    required: columns('Id PATIENTID APPOINTMENTID'),
    A: columns(`Id PATIENTID PROVIDERID PRIMARYPATIENTINSURANCEID SECONDARYPATIENTINSURANCEID DEPARTMENTID
      PATIENTDEPARTMENTID DIAGNOSIS1 DIAGNOSIS2 DIAGNOSIS3 DIAGNOSIS4 DIAGNOSIS5 DIAGNOSIS6 DIAGNOSIS7 DIAGNOSIS8
      REFERRINGPROVIDERID APPOINTMENTID CURRENTILLNESSDATE SERVICEDATE SUPERVISINGPROVIDERID STATUS1 STATUS2 STATUSP
      OUTSTANDING1 OUTSTANDING2 OUTSTANDINGP LASTBILLEDDATE1 LASTBILLEDDATE2 LASTBILLEDDATEP HEALTHCARECLAIMTYPEID1
      HEALTHCARECLAIMTYPEID2`),
  },
  claims_transactions: {
    required: columns('ID CLAIMID PATIENTID TYPE AMOUNT PAYMENTS'),
    A: columns(`ID CLAIMID CHARGEID PATIENTID TYPE AMOUNT METHOD FROMDATE TODATE PLACEOFSERVICE PROCEDURECODE MODIFIER1
      MODIFIER2 DIAGNOSISREF1 DIAGNOSISREF2 DIAGNOSISREF3 DIAGNOSISREF4 UNITS DEPARTMENTID NOTES UNITAMOUNT TRANSFEROUTID
      TRANSFERTYPE PAYMENTS ADJUSTMENTS TRANSFERS OUTSTANDING APPOINTMENTID LINENOTE PATIENTINSURANCEID FEESCHEDULEID
      PROVIDERID SUPERVISINGPROVIDERID`),
  },
  payer_transitions: {
    required: columns('PATIENT PAYER'),
    A: columns('PATIENT MEMBERID START_YEAR END_YEAR PAYER SECONDARY_PAYER OWNERSHIP OWNERNAME'),
    B: columns('PATIENT MEMBERID START_DATE END_DATE PAYER SECONDARY_PAYER PLAN_OWNERSHIP OWNER_NAME'),
  },
  medications: {
    required: columns('START PATIENT ENCOUNTER CODE'),
    A: columns(`START STOP PATIENT PAYER ENCOUNTER CODE DESCRIPTION BASE_COST PAYER_COVERAGE DISPENSES TOTALCOST
      REASONCODE REASONDESCRIPTION`),
  },
  procedures: {
    required: columns('START PATIENT ENCOUNTER CODE'),
    A: columns('START STOP PATIENT ENCOUNTER CODE DESCRIPTION BASE_COST REASONCODE REASONDESCRIPTION'),
    C: columns('START STOP PATIENT ENCOUNTER SYSTEM CODE DESCRIPTION BASE_COST REASONCODE REASONDESCRIPTION'),
  },
};

/** The exact header of a file in a family. */
export function headerOf(file: SyntheaFile, family: HeaderFamily): readonly string[] {
  const { A, B, C, D } = headers[file];
  if (family === 'A') return A;
  if (family === 'B') return B ?? A;
  if (family === 'C') return C ?? B ?? A;
  return D ?? C ?? B ?? A;
}

/** Columns that a file must have, or it is refused. */
export function requiredColumns(file: SyntheaFile): readonly string[] {
  return headers[file].required;
}

/** Every column that any family has for the file: the columns of its bronze table, oldest family first. */
export function unionOfColumns(file: SyntheaFile): readonly string[] {
  const union = new Set(headerFamilies.flatMap((family) => headerOf(file, family)));
  return [...union];
}
