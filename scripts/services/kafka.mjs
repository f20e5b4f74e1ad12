// Apache Kafka 4.3, one node in KRaft mode, from Maven Central's jars.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { askKafka } from './answers.mjs';
import { Daemon, StartRefused } from './daemon.mjs';

const POM = fileURLToPath(new URL('kafka/pom.xml', import.meta.url));
const LOG_SETTINGS = fileURLToPath(new URL('kafka/log4j2.yaml', import.meta.url));
const run = promisify(execFile);

/**
 * @param {{ folder: string, port: number, controllerPort?: number, tied?: boolean }} options `controllerPort` is the next one by default.
 * Its settings are for development and tests: small, quick to be there again, no copies.
 */
export function kafka({ folder, port, controllerPort = port + 1, tied }) {
  const data = join(folder, 'data');
  const settings = join(folder, 'server.properties');
  let jars;
  // The quick compiler alone: the broker is there in half the time, and needs less of the processor for what we ask of it.
  const java = (...args) => [
    'java',
    '-XX:TieredStopAtLevel=1',
    `-Dkafka.logs.dir=${folder}`,
    `-Dlog4j2.configurationFile=${LOG_SETTINGS}`,
    ...args,
  ];

  return new Daemon({
    name: 'Kafka',
    folder,
    tied,
    ports: [port, controllerPort],
    log: join(folder, 'server.log'),
    answer: () => askKafka(`127.0.0.1:${port}`),

    async prepare() {
      jars = join(await installJars(), '*');
      writeFileSync(settings, settingsOf({ data, port, controllerPort }));
      if (existsSync(join(data, 'meta.properties'))) return;
      await refuseOldJava();
      rmSync(data, { recursive: true, force: true });
      const id = randomBytes(16).toString('base64url');
      // With `=`: one of 64 ids begins with a dash, and would be taken for an option.
      const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${id}`, '--config', settings];
      const [program, ...args] = java('-cp', jars, ...format);
      await run(program, args).catch(({ stdout, stderr }) => {
        throw new StartRefused(`Kafka's data folder ${data} can not be made:\n${stdout}${stderr}`);
      });
    },

    command: () =>
      java('-Xms256m', '-Xmx512m', '-XX:+UseG1GC', '-XX:+ExitOnOutOfMemoryError', '-cp', jars, 'kafka.Kafka', settings),
  });
}

/** After kill -9 a broker waits until its old session has run out (9 s by default) before it is let in again. */
const settingsOf = ({ data, port, controllerPort }) => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=${data}
num.partitions=4
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
log.segment.bytes=67108864
log.cleaner.dedupe.buffer.size=16777216
num.network.threads=2
num.io.threads=4
broker.session.timeout.ms=3000
group.min.session.timeout.ms=1000
broker.heartbeat.interval.ms=500
`;

async function refuseOldJava() {
  const { stderr } = await run('java', ['-version']).catch(({ code }) => {
    if (code !== 'ENOENT') throw new StartRefused('Kafka can not start: java -version fails.');
    throw new StartRefused('Kafka needs Java 17 or later, and there is no java: apt-get install default-jre-headless.');
  });
  const [, major] = /version "(\d+)/.exec(stderr) ?? [];
  if (Number(major) < 17) throw new StartRefused(`Kafka needs Java 17 or later; this is ${stderr.split('\n')[0]}.`);
}

/** The folder with Kafka's jars. It outlives the clone; a download that was cut never counts. */
async function installJars() {
  const digest = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 8);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'magasin');
  const folder = join(cache, `kafka-${digest}`);
  if (existsSync(folder)) return folder;

  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'download-'));
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const args = ['-q', '-B', '-f', POM, goal, `-DoutputDirectory=${fresh}`, '-DincludeScope=runtime'];
  try {
    await run('mvn', args);
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (existsSync(folder)) return folder; // Somebody else was quicker.
    if (error.code === 'ENOENT') {
      throw new StartRefused("Kafka's jars come through Maven, and there is no mvn: apt-get install maven.");
    }
    const end = `${error.stdout}${error.stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new StartRefused(`Maven can not bring Kafka's jars:\n${end || error.message}`);
  }
  return folder;
}
