// Everything that MedStream needs on Azure, in one resource group.
// az deployment group create -g <group> -f infra/main.bicep -p name=medstream sqlAdminObjectId=<group id> sqlAdminLogin=<group name>
targetScope = 'resourceGroup'

@description('Prefix of all resource names: 3 to 11 lower-case letters and digits.')
@minLength(3)
@maxLength(11)
param name string

@description('Region of all resources.')
param location string = resourceGroup().location

@description('Object id of the Microsoft Entra group that administers Synapse.')
param sqlAdminObjectId string

@description('Display name of that group.')
param sqlAdminLogin string

@description('Size of the dedicated SQL pool.')
param sqlPoolSku string = 'DW100c'

@description('Partitions of the event hub; cannot be changed later on the Standard tier.')
@minValue(1)
@maxValue(32)
param eventHubPartitions int = 4

@description('Days that the event hub keeps events: the time in which `medstream land` must have run.')
@minValue(1)
@maxValue(7)
param eventHubRetentionDays int = 7

var suffix = uniqueString(resourceGroup().id)

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: { name: '${name}-pipeline', location: location }
}

module lake 'modules/lake.bicep' = {
  name: 'lake'
  params: { name: take('${name}${suffix}', 24), location: location, writerPrincipalId: identity.outputs.principalId }
}

module eventHubs 'modules/event-hubs.bicep' = {
  name: 'event-hubs'
  params: {
    name: '${name}-${suffix}'
    location: location
    partitions: eventHubPartitions
    retentionDays: eventHubRetentionDays
    clientPrincipalId: identity.outputs.principalId
  }
}

module synapse 'modules/synapse.bicep' = {
  name: 'synapse'
  params: {
    name: '${name}-${suffix}'
    location: location
    lakeAccount: lake.outputs.account
    sqlAdminObjectId: sqlAdminObjectId
    sqlAdminLogin: sqlAdminLogin
    sqlPoolSku: sqlPoolSku
  }
}

module vault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  params: { name: take('${name}-${suffix}', 24), location: location, readerPrincipalId: identity.outputs.principalId }
}

@description('Settings for .env: see docs/settings.md.')
output settings object = {
  EVENTHUB_NAMESPACE: '${eventHubs.outputs.namespace}.servicebus.windows.net'
  EVENTHUB_NAME: eventHubs.outputs.hub
  AZURE_STORAGE_ACCOUNT: lake.outputs.account
  SYNAPSE_SERVER: synapse.outputs.sqlEndpoint
  SYNAPSE_SERVERLESS_SERVER: synapse.outputs.serverlessEndpoint
  SYNAPSE_DATABASE: synapse.outputs.pool
  KEY_VAULT_URL: vault.outputs.url
  AZURE_CLIENT_ID: identity.outputs.clientId
}
