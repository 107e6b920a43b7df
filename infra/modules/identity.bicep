param name string
param location string

// The identity under which the pipeline runs: it writes the lake, talks to Event Hubs and logs in to Synapse.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
}

output principalId string = identity.properties.principalId
output clientId string = identity.properties.clientId
