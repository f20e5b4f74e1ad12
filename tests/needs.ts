import { findChromium, findProgram } from './chromium';

const program =
  (name: string, debianPackage: string) =>
  ({ PATH }: NodeJS.ProcessEnv): string | undefined =>
    findProgram([name], `${PATH}:/usr/local/sbin:/usr/sbin`)
      ? undefined
      : `no ${name} is on the PATH. apt-get install ${debianPackage}`;

/** As services.setup.cjs found it before the first test. */
const service =
  (name: string) =>
  ({ MISSING_SERVICES }: NodeJS.ProcessEnv): string | undefined => {
    if (MISSING_SERVICES === undefined) throw new Error('services.setup.cjs, the globalSetup of Jest, was not run.');
    return (JSON.parse(MISSING_SERVICES) as Record<string, string>)[name];
  };

/** What tests may need that npm does not bring: why it is missing and what to do, or undefined when it is there. */
export const NEEDS = {
  kafka: service('kafka'),
  mariadb: service('mariadb'),
  redis: service('redis'),
  curl: program('curl', 'curl'),
  shellcheck: program('shellcheck', 'shellcheck'),
  chromium: (env: NodeJS.ProcessEnv) =>
    findChromium(env) ? undefined : 'no Chromium is on the PATH or named by CHROMIUM. apt-get install chromium',
  // To start servers of one's own.
  java: program('java', 'default-jre-headless'),
  maven: program('mvn', 'maven'),
  mariadbd: program('mariadbd', 'mariadb-server-core mariadb-client-core'),
  'redis-server': program('redis-server', 'redis-server'),
  kcat: program('kcat', 'kcat'),
  nginx: program('nginx', 'nginx'),
};

export type Need = keyof typeof NEEDS;

/** What a run leaves out on purpose, be it there or not: WITHOUT=kafka,mariadb. */
function leftOut({ WITHOUT = '' }: NodeJS.ProcessEnv): string[] {
  const names = WITHOUT.split(',').filter(Boolean);
  const unknown = names.filter((name) => !Object.hasOwn(NEEDS, name));
  if (unknown.length === 0) return names;
  throw new Error(`WITHOUT names ${unknown.join()}. What can be left out is ${Object.keys(NEEDS).join()}.`);
}

/**
 * A `describe` for tests that need all of these. Where one is missing they are skipped, and services.reporter.cjs says
 * at the very end how many, why, and what to do; with CI=true that is a failure, unless WITHOUT leaves it out.
 */
export function needs(...names: Need[]): (title: string, define: () => void) => void {
  const without = leftOut(process.env);
  const missing = names.flatMap((name) => {
    const reason = without.includes(name) ? 'WITHOUT leaves it out' : NEEDS[name](process.env);
    return reason === undefined ? [] : [`${name}: ${reason}`];
  });
  if (missing.length === 0) return describe;
  return (title, define) => {
    // The reporter reads this title: it is all that it gets to know.
    describe.skip(`${title} [needs ${missing.join('; ')}]`, define);
    if (process.env.CI !== 'true' || names.some((name) => without.includes(name))) return;
    it(`${title} have in CI what they need`, () => {
      throw new Error(`They need ${missing.join('; ')}`);
    });
  };
}
