import { globSync, readFileSync } from 'node:fs';

/** A line of a `sh` block of a document, without its comment. */
export interface Command {
  document: string;
  line: string;
  /** The comment behind it. */
  says: string;
}

/** The README first: others go on with what it has written. */
export const documents = ['README.md', 'CONTRIBUTING.md', 'bench/README.md', ...globSync('docs/*.md').sort()];

export const commandsOf = (document: string): Command[] =>
  [...readFileSync(document, 'utf8').matchAll(/^ *```sh\n([^]*?)^ *```$/gm)]
    .flatMap(([, block]) =>
      block
        .replaceAll(/\\\n\s*/g, '')
        .trim()
        .split('\n'),
    )
    .map((line) => /^(.*?)(?:\s+# (.*))?$/.exec(line)!)
    .map(([, line, says = '']) => ({ document, line: line.trim(), says }));

/**
 * Commands that tests/documents.e2e.spec.ts does not run, and why. All others it runs as they stand, on a shop of its own. A
 * reason that names a file of tests says who runs them, or does what they do.
 */
export const NOT_RUN: [commands: RegExp, why: string][] = [
  [/^docker |^docker-compose /, 'needs a Docker engine'],
  [
    /^npm (ci|cit|test)$|^npm ci && npm (start|run services)$|^npm run check$/,
    'is what CI does on a fresh clone: .ci/run',
  ],
  [/^npm start$/, 'serves until it is stopped: tests/start-stop.e2e.spec.ts'],
  [/^npm run start:dev$/, 'serves until it is stopped, and needs somebody who changes files'],
  [
    /^npm run start:(store|payments|coolriel)$|^DATABASE_URL=\S+ npm run demo$|^kcat /,
    'needs Kafka and MariaDB: tests/documents-kafka.e2e.spec.ts',
  ],
  [
    /^npm run g\b|localhost:5000\/suppliers|^npx @nestjs\/cli |supplier_approval/,
    'writes into the clone: tests/schematics.e2e.spec.ts runs it in a copy',
  ],
  [/^scripts\/deploy$/, 'needs a Docker engine: tests/deploy.spec.ts'],
  [/^REDIS_URL=\S+ npm start$|^redis-cli /, 'needs Redis: tests/redis.e2e.spec.ts'],
  [/^npm run services/, 'starts and stops servers: tests/services.e2e.spec.ts'],
  [/^npm run jest/, 'runs tests, and this is one'],
  [/^npm run (format|openapi)$/, 'writes into the clone: tests/reference.e2e.spec.ts compares what openapi writes'],
  [/^npm run bench|^npm run build$|^npx node bench\//, 'measures for minutes, or is done before each test'],
  [/^npm run compare/, 'takes a minute; with few orders: tests/compare.e2e.spec.ts'],
  [/^EVENT_BUS=kafka DATABASE_URL=\S+ npm run compare/, 'takes minutes, and needs Kafka and MariaDB'],
  [/^npm run partitions/, 'takes a minute; with few events: tests/partitions.e2e.spec.ts'],
  [/^open /, 'opens a browser; the file: tests/emails.e2e.spec.ts'],
  [/^sqlite3 /, 'needs a program that npm does not bring; the same from here: tests/demo.e2e.spec.ts'],
  [
    /^npm run demo -- --customers 400 &$|^kill -9 …/,
    'is for two terminals; killed all the same: tests/killed-orders.e2e.spec.ts',
  ],
  [/emails\/12\/send-again/, 'needs an e-mail in doubt: tests/cli-emails.e2e.spec.ts'],
  [/^MAILER=smtp .*npm start$/, 'needs a mail server: tests/smtp/sending.e2e.spec.ts'],
  [/^grep .* shop\.log$/, 'needs the log of such a request: tests/logs.e2e.spec.ts'],
  [/^npx magasin replay .*--token …/, 'has a token to be filled in: tests/cli-replay.e2e.spec.ts'],
  [/^npm run move|^npx magasin move/, 'needs a server, and a shop that is stopped: tests/move.e2e.spec.ts'],
];

export const reasonOf = ({ line }: Command): string | undefined =>
  NOT_RUN.find(([commands]) => commands.test(line))?.[1];
