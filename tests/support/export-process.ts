import { parseSettings } from '../../azure/settings';
import { silentProgress } from '../../common/progress';
import { exportGold } from '../../exports';
import { parseContract } from '../../exports/contract';

/** An export, a row a file, as a process that a test can kill: settings in the environment, contracts (JSON) as argument. */
async function main(): Promise<void> {
  const contracts = (JSON.parse(process.argv[2]!) as unknown[]).map(parseContract);
  await exportGold(parseSettings(process.env), { progress: silentProgress, contracts, maxFileRows: 1 });
}

void main();
