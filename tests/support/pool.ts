import path from 'node:path';
import { startSynapse, type LocalSynapse, type SynapseOptions } from '../../local/synapse';

/** A local Synapse on free ports whose files are below `root`; `users` are passwords by name. */
export function startPool(
  root: string,
  users: Readonly<Record<string, string>>,
  options: Partial<SynapseOptions> = {},
): Promise<LocalSynapse> {
  return startSynapse({
    root,
    lakeRoot: path.join(root, 'lake'),
    lakeAccount: 'devstoreaccount1',
    port: 0,
    database: 'medstream',
    users,
    ...options,
  });
}
