// Given, when, then: a Nest module on a real database and the real bus, in tests that read as sentences.
export { type Act } from './act';
export { files, onBothDatabases, recordedIn, server, type TestDatabases } from '@magasin/event-log/testing';
export { type Given, Scenario } from './scenario';
export { ScenarioFailed } from './sentence';
export { type Then, type When } from './when';
