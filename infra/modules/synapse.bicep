param name string
param location string
param lakeAccount string
param sqlAdminObjectId string
param sqlAdminLogin string
param sqlPoolSku string

var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource lake 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: lakeAccount
}

resource workspace 'Microsoft.Synapse/workspaces@2021-06-01' = {
  name: name
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    azureADOnlyAuthentication: true
    defaultDataLakeStorage: { accountUrl: 'https://${lakeAccount}.dfs.${environment().suffixes.storage}', filesystem: 'silver' }
  }
}

resource administrator 'Microsoft.Synapse/workspaces/administrators@2021-06-01' = {
  parent: workspace
  name: 'activeDirectory'
  properties: {
    administratorType: 'ActiveDirectory'
    login: sqlAdminLogin
    sid: sqlAdminObjectId
    tenantId: subscription().tenantId
  }
}

resource pool 'Microsoft.Synapse/workspaces/sqlPools@2021-06-01' = {
  parent: workspace
  name: 'medstream'
  location: location
  sku: { name: sqlPoolSku }
  // UTF-8, so that varchar keeps every name: bronze is varchar, and code page 1252 would make `?` of 李. Cannot be changed later.
  properties: { createMode: 'Default', collation: 'Latin1_General_100_CI_AS_SC_UTF8' }
}

// COPY INTO and OPENROWSET reach the lake as the workspace's own identity.
resource lakeReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(lake.id, workspace.id, blobDataContributor)
  scope: lake
  properties: {
    principalId: workspace.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
  }
}

output sqlEndpoint string = workspace.properties.connectivityEndpoints.sql
output serverlessEndpoint string = workspace.properties.connectivityEndpoints.sqlOnDemand
output pool string = pool.name
