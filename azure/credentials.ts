import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';

let credential: TokenCredential | undefined;

/** One credential for all services, as `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_TOKEN_CREDENTIALS` say. */
export function azureCredential(): TokenCredential {
  credential ??= new DefaultAzureCredential();
  return credential;
}
