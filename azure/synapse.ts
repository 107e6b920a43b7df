import { ConnectionPool, type config as MssqlConfig } from 'mssql';
import { azureCredential } from './credentials';
import { isLoopback, type Settings } from './settings';

export interface SynapseOptions {
  /** Connections at most; default 8. */
  poolSize?: number;
  /** Shown as program name in `sys.dm_pdw_exec_sessions`. */
  applicationName?: string;
  /** Seconds after which a connection that does nothing is closed; default 30. */
  idleTimeoutSeconds?: number;
  /** Connect to the serverless endpoint (`SYNAPSE_SERVERLESS_SERVER`) instead of the dedicated pool. */
  serverless?: boolean;
}

/** The `mssql` configuration for the pool. TLS is on for anything but loopback; without a user it is Microsoft Entra. */
export function synapseConfig(settings: Settings, options: SynapseOptions = {}): MssqlConfig {
  const { synapse } = settings;
  const server = options.serverless ? (synapse.serverlessServer ?? synapse.server) : synapse.server;
  const base: MssqlConfig = {
    server,
    port: synapse.port,
    database: synapse.database,
    connectionTimeout: synapse.connectTimeoutSeconds * 1000,
    requestTimeout: synapse.requestTimeoutSeconds * 1000,
    pool: {
      max: options.poolSize ?? 8,
      min: 0,
      acquireTimeoutMillis: synapse.requestTimeoutSeconds * 1000,
      idleTimeoutMillis: (options.idleTimeoutSeconds ?? 30) * 1000,
    },
    options: {
      encrypt: !isLoopback(server),
      trustServerCertificate: false,
      appName: options.applicationName ?? 'MedStream',
      useUTC: true,
      enableArithAbort: true,
    },
  };
  if (synapse.user) return { ...base, user: synapse.user, password: synapse.password ?? '' };
  // A credential and not a token: each connection asks for one that is valid then, however long the pool lives.
  return { ...base, authentication: { type: 'token-credential', options: { credential: azureCredential() } } };
}

/** A connected pool; the caller closes it. */
export async function connectSynapse(settings: Settings, options: SynapseOptions = {}): Promise<ConnectionPool> {
  const pool = new ConnectionPool(synapseConfig(settings, options));
  return pool.connect();
}
