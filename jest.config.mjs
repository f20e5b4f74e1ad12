import { swcOptions } from './scripts/swc.mjs';

export default {
  testMatch: ['<rootDir>/{apps,libs,tests}/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: { '\\.ts$': ['@swc/jest', swcOptions] },
  testTimeout: 30_000,
  // Many suites wait for processes that they start: more of them than cores, so that the cores are busy meanwhile.
  maxWorkers: 3,
};
