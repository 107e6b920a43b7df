import { ExitCode, MedStreamError } from '../common/errors';
import { azureCredential } from './credentials';

/** Reads one secret by name; undefined where the vault has none of that name. */
export type SecretReader = (name: string) => Promise<string | undefined>;

/** Secrets and when they are wanted: not when the environment has them, or names the service by Entra instead. */
const secrets: { variable: string; secret: string; wanted(env: NodeJS.ProcessEnv): boolean }[] = [
  {
    variable: 'EVENTHUB_CONNECTION_STRING',
    secret: 'eventhub-connection-string',
    wanted: (env) => !env['EVENTHUB_NAMESPACE'],
  },
  {
    variable: 'AZURE_STORAGE_CONNECTION_STRING',
    secret: 'azure-storage-connection-string',
    wanted: (env) => !env['AZURE_STORAGE_ACCOUNT'],
  },
  { variable: 'SYNAPSE_PASSWORD', secret: 'synapse-password', wanted: (env) => Boolean(env['SYNAPSE_USER']) },
];

/**
 * The environment completed by the secrets of `KEY_VAULT_URL`; without that variable, the environment as it is.
 * @throws MedStreamError MS6005 (exit 3) when the vault cannot be read.
 */
export async function withKeyVault(env: NodeJS.ProcessEnv, reader?: SecretReader): Promise<NodeJS.ProcessEnv> {
  const url = env['KEY_VAULT_URL']?.trim();
  if (!url) return env;
  const read = reader ?? vaultReader(url);
  const completed = { ...env };
  for (const { variable, secret, wanted } of secrets) {
    if (env[variable]?.trim() || !wanted(env)) continue;
    try {
      const value = await read(secret);
      if (value) completed[variable] = value;
    } catch (error) {
      throw new MedStreamError({
        code: 'MS6005',
        what: `The secret ${secret} could not be read from Key Vault.`,
        where: url,
        why: `It holds ${variable}, which the environment lacks.`,
        next: 'Sign in (az login), give the identity the role Key Vault Secrets User, or set the variable.',
        exitCode: ExitCode.unreachable,
        cause: error,
      });
    }
  }
  return completed;
}

function vaultReader(url: string): SecretReader {
  let client: { getSecret(name: string): Promise<{ value?: string }> } | undefined;
  return async (name) => {
    try {
      // Loaded here: few commands read a vault.
      client ??= new (await import('@azure/keyvault-secrets')).SecretClient(url, azureCredential());
      return (await client.getSecret(name)).value;
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) return undefined;
      throw error;
    }
  };
}
