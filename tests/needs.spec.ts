import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(__dirname, '..');

interface Run {
  /** The end of what people see. */
  seen: string;
  passed: number;
  failed: number;
  skipped: number;
  failures: string;
}

/** Runs planted/needs.fixture.ts with the project's own Jest configuration, where no Kafka answers. */
async function runFixture(CI: string, WITHOUT = ''): Promise<Run> {
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(ROOT, 'node_modules/jest/bin/jest.js'),
  ];
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [...jest, '--testMatch', '<rootDir>/tests/planted/needs.fixture.ts', '--json'],
    { cwd: ROOT, env: { ...process.env, CI, WITHOUT, KAFKA_BROKERS: '127.0.0.1:1' } },
  ).catch((error: Error & { stdout: string; stderr: string }) => error);
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(stdout) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    testResults: { message: string }[];
  };
  return {
    seen: stderr.trimEnd().split('\n').slice(-1).join('\n'),
    passed: numPassedTests,
    failed: numFailedTests,
    skipped: numPendingTests,
    failures: testResults.map(({ message }) => message).join('\n'),
  };
}

const MISSING =
  'kafka: Kafka does not answer at 127.0.0.1:1 (connect ECONNREFUSED 127.0.0.1:1). npm run services -- kafka';

describe('Tests whose service does not answer', () => {
  it('are skipped, and the last line says how many, why, and what to do', async () => {
    const { seen, ...counts } = await runFixture('');

    expect(seen).toBe(`SKIPPED 2 tests. They need ${MISSING}`);
    expect(counts).toEqual({ passed: 1, failed: 0, skipped: 2, failures: '' });
  });

  it('are a failure in CI', async () => {
    const { seen, passed, failed, skipped, failures } = await runFixture('true');

    expect({ passed, failed, skipped }).toEqual({ passed: 1, failed: 1, skipped: 2 });
    expect(failures).toContain(`They need ${MISSING}`);
    expect(seen).toBe(`SKIPPED 2 tests. They need ${MISSING}`);
  });

  it('are none in CI when it is left out on purpose', async () => {
    const { seen, ...counts } = await runFixture('true', 'mariadb,kafka');

    expect(seen).toBe('SKIPPED 2 tests. They need kafka: WITHOUT leaves it out');
    expect(counts).toEqual({ passed: 1, failed: 0, skipped: 2, failures: '' });
  });

  it('are left out by names that there are', async () => {
    const { passed, failures } = await runFixture('true', 'postgres');

    expect(passed).toBe(0);
    expect(failures).toContain('WITHOUT names postgres. What can be left out is kafka,mariadb,');
  });
});
