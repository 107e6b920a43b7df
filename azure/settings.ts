import path from 'node:path';
import { z } from 'zod';
import { ExitCode, MedStreamError } from '../common/errors';

/** All settings of MedStream, parsed once at the edge and frozen. Variables: docs/settings.md. */
export interface Settings {
  /** Absolute path of local state: `runs/`, and on the local stack `lake/`, `eventhubs/`, `synapse/`. */
  readonly home: string;
  readonly eventHubs: {
    /** With `connectionString`, SAS; else `namespace` (host name) with `@azure/identity`. */
    readonly connectionString?: string;
    readonly namespace?: string;
    readonly name: string;
    readonly consumerGroup: string;
  };
  readonly dataLake: {
    /** With `connectionString`, shared key or SAS; else `account` (name) with `@azure/identity`. */
    readonly connectionString?: string;
    readonly account?: string;
  };
  readonly synapse: {
    readonly server: string;
    readonly port: number;
    readonly database: string;
    /** Without `user`: a Microsoft Entra token from `@azure/identity`. */
    readonly user?: string;
    readonly password?: string;
    readonly serverlessServer?: string;
    readonly connectTimeoutSeconds: number;
    readonly requestTimeoutSeconds: number;
  };
  readonly keyVaultUrl?: string;
}

const text = z.string().trim().min(1);
const schema = z.object({
  MEDSTREAM_HOME: text.default('.medstream'),
  EVENTHUB_CONNECTION_STRING: text
    .regex(/Endpoint=sb:\/\/[^;]+/i, 'is not an Event Hubs connection string (Endpoint=sb://…;SharedAccessKeyName=…)')
    .optional(),
  EVENTHUB_NAMESPACE: text.regex(/^[a-z0-9.-]+$/i, 'is not a host name such as name.servicebus.windows.net').optional(),
  EVENTHUB_NAME: text.default('encounters'),
  EVENTHUB_CONSUMER_GROUP: text.default('$Default'),
  AZURE_STORAGE_CONNECTION_STRING: text
    .regex(/AccountName=|BlobEndpoint=/i, 'is not a storage connection string (AccountName=…;AccountKey=…)')
    .optional(),
  AZURE_STORAGE_ACCOUNT: text
    .regex(/^[a-z0-9]{3,24}$/, 'is not a storage account name (3-24 lower-case letters and digits)')
    .optional(),
  SYNAPSE_SERVER: text.optional(),
  SYNAPSE_PORT: z.coerce.number().int().min(1).max(65535).default(1433),
  SYNAPSE_DATABASE: text.optional(),
  SYNAPSE_USER: text.optional(),
  SYNAPSE_PASSWORD: text.optional(),
  SYNAPSE_SERVERLESS_SERVER: text.optional(),
  SYNAPSE_CONNECT_TIMEOUT: z.coerce.number().positive().default(30),
  SYNAPSE_REQUEST_TIMEOUT: z.coerce.number().positive().default(3600),
  KEY_VAULT_URL: z.url('is not a URL such as https://name.vault.azure.net').optional(),
  MEDSTREAM_ALLOW_ACCOUNT_KEY: z.enum(['true', 'false']).default('false'),
});

/** A service whose settings a verb cannot do without. */
export type Service = 'eventHubs' | 'dataLake' | 'synapse';
const allServices: readonly Service[] = ['eventHubs', 'dataLake', 'synapse'];

const serviceVariables = [
  'EVENTHUB_CONNECTION_STRING',
  'EVENTHUB_NAMESPACE',
  'AZURE_STORAGE_CONNECTION_STRING',
  'AZURE_STORAGE_ACCOUNT',
  'SYNAPSE_SERVER',
  'KEY_VAULT_URL',
] as const;

/** True when no service is named: MedStream then uses (and, where needed, starts) the local stack. */
export function usesLocalStack(env: NodeJS.ProcessEnv): boolean {
  return serviceVariables.every((name) => !env[name]?.trim());
}

/** The absolute path of `MEDSTREAM_HOME` (default `.medstream` in the current folder). */
export function medstreamHome(env: NodeJS.ProcessEnv): string {
  return path.resolve(env['MEDSTREAM_HOME']?.trim() || '.medstream');
}

/**
 * Parses the environment into frozen settings. `needs` are the services without which the verb cannot work: an analyst who
 * builds models needs no Event Hubs.
 * @throws MedStreamError MS1001 (exit 2) that names each variable that is wrong or missing.
 */
export function parseSettings(env: NodeJS.ProcessEnv, needs = allServices): Settings {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = schema.safeParse(filled);
  if (!parsed.success)
    throw settingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  const v = parsed.data;
  const problems: string[] = [];
  if (needs.includes('eventHubs') && !v.EVENTHUB_CONNECTION_STRING && !v.EVENTHUB_NAMESPACE)
    problems.push('EVENTHUB_CONNECTION_STRING or EVENTHUB_NAMESPACE is missing');
  if (needs.includes('dataLake') && !v.AZURE_STORAGE_CONNECTION_STRING && !v.AZURE_STORAGE_ACCOUNT)
    problems.push('AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_ACCOUNT is missing');
  if (needs.includes('synapse') && !v.SYNAPSE_SERVER) problems.push('SYNAPSE_SERVER is missing');
  if (needs.includes('synapse') && !v.SYNAPSE_DATABASE) problems.push('SYNAPSE_DATABASE is missing');
  if (v.SYNAPSE_USER && !v.SYNAPSE_PASSWORD && !v.KEY_VAULT_URL)
    problems.push('SYNAPSE_PASSWORD is missing (SYNAPSE_USER is set; leave both out for Microsoft Entra)');
  const emulator = /UseDevelopmentEmulator=true/i.test(v.EVENTHUB_CONNECTION_STRING ?? '');
  if (emulator && !isLoopback(hostOf(v.EVENTHUB_CONNECTION_STRING!)))
    problems.push(
      'EVENTHUB_CONNECTION_STRING has UseDevelopmentEmulator=true, which is accepted for loopback hosts only',
    );
  const accountKey = /AccountKey=/i.test(v.AZURE_STORAGE_CONNECTION_STRING ?? '');
  if (accountKey && !isLoopback(hostOf(v.AZURE_STORAGE_CONNECTION_STRING!)) && v.MEDSTREAM_ALLOW_ACCOUNT_KEY !== 'true')
    problems.push(
      'AZURE_STORAGE_CONNECTION_STRING holds an account key of a real account: use AZURE_STORAGE_ACCOUNT with Microsoft Entra, or set MEDSTREAM_ALLOW_ACCOUNT_KEY=true',
    );
  if (problems.length) throw settingsError(problems);
  return deepFreeze({
    home: medstreamHome(env),
    eventHubs: {
      connectionString: v.EVENTHUB_CONNECTION_STRING,
      namespace: v.EVENTHUB_NAMESPACE,
      name: v.EVENTHUB_NAME,
      consumerGroup: v.EVENTHUB_CONSUMER_GROUP,
    },
    dataLake: { connectionString: v.AZURE_STORAGE_CONNECTION_STRING, account: v.AZURE_STORAGE_ACCOUNT },
    synapse: {
      server: v.SYNAPSE_SERVER ?? '',
      port: v.SYNAPSE_PORT,
      database: v.SYNAPSE_DATABASE ?? '',
      user: v.SYNAPSE_USER,
      password: v.SYNAPSE_PASSWORD,
      serverlessServer: v.SYNAPSE_SERVERLESS_SERVER,
      connectTimeoutSeconds: v.SYNAPSE_CONNECT_TIMEOUT,
      requestTimeoutSeconds: v.SYNAPSE_REQUEST_TIMEOUT,
    },
    keyVaultUrl: v.KEY_VAULT_URL,
  });
}

/** True for host names of this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The host of the first endpoint in a connection string, or '' where it names none. */
function hostOf(connectionString: string): string {
  const endpoint = /(?:Endpoint|BlobEndpoint)=[a-z]+:\/\/(\[[^\]]+\]|[^:/;]+)/i.exec(connectionString);
  return endpoint?.[1] ?? '';
}

function settingsError(problems: string[]): MedStreamError {
  return new MedStreamError({
    code: 'MS1001',
    what:
      problems.length === 1
        ? `Setting ${problems[0]}.`
        : `${problems.length} settings are wrong: ${problems.join('; ')}.`,
    where: 'environment or .env',
    next: 'See docs/settings.md. With no service setting at all MedStream uses the local stack.',
    exitCode: ExitCode.usage,
  });
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (inner && typeof inner === 'object') deepFreeze(inner as object);
  return Object.freeze(value);
}
