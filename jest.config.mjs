import { swcOptions } from './scripts/swc.mjs';

export default {
  testMatch: ['<rootDir>/{apps,libs,tests}/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: { '\\.ts$': ['@swc/jest', swcOptions] },
  globalSetup: '<rootDir>/tests/services.setup.cjs',
  testSequencer: '<rootDir>/tests/sequencer.cjs',
  reporters: ['default', '<rootDir>/tests/services.reporter.cjs'],
  // Nothing is timed: this is for what hangs, also on a machine that does much else.
  testTimeout: 120_000,
  // Many suites wait for processes that they start: more of them than cores, so that the cores are busy meanwhile.
  maxWorkers: 3,
};
