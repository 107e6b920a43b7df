import type { Command } from 'commander';
import { Option } from 'commander';
import { generate } from '../../simulator/generate';
import { defineVerb, runsAs } from '../frame';
import { wholeNumber } from '../options';

interface Options {
  patients: number;
  seed: number;
  family: 'A' | 'B' | 'C' | 'D';
  out: string;
}

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'generate',
    'write Synthea-format CSV files of an invented hospital group',
    'medstream generate --patients 1000 --seed 7 --family C --out data/',
  )
    .requiredOption('--patients <n>', 'how many patients', wholeNumber(1, 10_000_000))
    .option('--seed <n>', 'the same seed gives the same bytes', wholeNumber(0), 1)
    .addOption(new Option('--family <letter>', 'header family of Synthea').choices(['A', 'B', 'C', 'D']).default('C'))
    .requiredOption('--out <dir>', 'folder for the files');
  runsAs<Options>(command, async (context, options) => {
    const summary = await generate({ ...options, ...context });
    return { json: summary, text: `Wrote ${options.patients} patients to ${options.out}.` };
  });
}
