export { createRealm, type Person, type Realm } from './realm.ts'
export { confidentialSecret, mallory, type RealmOptions } from './realm-representation.ts'
export { type KeycloakServer, keycloakHome, startKeycloak } from './server.ts'
export { sharedKeycloak } from './shared.ts'
