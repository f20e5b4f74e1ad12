// `npm run services`: starts what does not already answer of MariaDB, Redis and Kafka, for development and tests.
import { parseArgs } from 'node:util';
import { StartRefused } from './services/daemon.mjs';
import { engineRuns } from './services/docker.mjs';
import { Here } from './services/here.mjs';
import { SERVICES } from './services/services.mjs';

const USAGE = `npm run services -- [start | stop | status] [mariadb] [redis] [kafka] [--native]

start   starts those that do not answer, in containers where a Docker engine runs, else natively (--native: always)
stop    ends those that were started from here, and nothing else
status  says what answers where, and of what was started from here and ended by itself its last words; its exit code
        is 1 when something does not answer

Without names it is about all. Addresses are settings, in the environment or in .env:
${Object.values(SERVICES)
  .map(({ variable, at, usualPort }) => `  ${variable}=${at(usualPort)}`)
  .join('\n')}
Data, logs and pids are in .services.`;

const say = (line) => process.stdout.write(`${line}\n`);

/** @returns the messages of those that do not answer. */
async function report(services, answers) {
  const settled = await Promise.allSettled(answers);
  const rows = settled.map(({ status, value }, index) => {
    const { title, shown, how } = services[index];
    return status === 'fulfilled'
      ? [title, shown, value, how ?? 'not started from here']
      : [title, shown, 'does not answer', how ?? ''];
  });
  const table = [['service', 'address', 'answer', 'how'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ');
  for (const row of table) say(line(row).trimEnd());
  return settled.filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { native: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    say(USAGE);
    return;
  }
  const [action, ...rest] = ['start', 'stop', 'status'].includes(positionals[0])
    ? positionals
    : ['start', ...positionals];
  const unknown = rest.find((name) => !Object.hasOwn(SERVICES, name));
  if (unknown) throw new StartRefused(`There is no ${unknown}.\n${USAGE}`);
  const services = (rest.length > 0 ? rest : Object.keys(SERVICES)).map((name) => new Here(name, say));

  if (action === 'stop') {
    for (const service of services) say(`${service.title}: ${await service.stop()}.`);
    return;
  }
  // Asked once, and only when something is to be started.
  let engine;
  const inContainers = async () => !values.native && (engine ??= engineRuns());
  const problems = await report(
    services,
    services.map((service) => (action === 'start' ? service.start(inContainers) : service.ask())),
  );
  process.exitCode = problems.length > 0 ? 1 : 0;
  if (action === 'status') {
    for (const { title, lastWords } of services) if (lastWords) say(`\n${title} has ended. ${lastWords}`);
    return;
  }
  for (const { name, message, stack } of problems) say(`\n${name === 'StartRefused' ? message : stack}`);
}

try {
  await main();
} catch (error) {
  if (error.name !== 'StartRefused' && !error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
