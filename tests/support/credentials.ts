/** Names and keys of the stand-ins that tests start; they protect nothing. */

export const account = 'devstoreaccount1';
/** The key that every storage emulator has. */
export const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export const keyName = 'RootManageSharedAccessKey';
export const key = 'c2VjcmV0LWtleQ==';

export function connectionString(port: number, name = keyName, secret = key): string {
  return `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=${name};SharedAccessKey=${secret};UseDevelopmentEmulator=true`;
}

/** The settings that lead to stand-ins on these ports; Synapse is named and never reached. */
export function standInEnvironment(home: string, lakePort: number, hubPort: number): Record<string, string> {
  return {
    MEDSTREAM_HOME: home,
    EVENTHUB_CONNECTION_STRING: connectionString(hubPort),
    EVENTHUB_NAME: 'encounters',
    AZURE_STORAGE_CONNECTION_STRING: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};BlobEndpoint=http://127.0.0.1:${lakePort}/${account};`,
    SYNAPSE_SERVER: 'unused',
    SYNAPSE_DATABASE: 'unused',
  };
}
