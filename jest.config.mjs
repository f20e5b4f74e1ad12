import { swcOptions } from './scripts/swc.mjs';

export default {
  testMatch: ['<rootDir>/{apps,libs,tests}/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: { '\\.ts$': ['@swc/jest', swcOptions] },
  testTimeout: 30_000,
};
