// Whether a service really answers: not an open port but a query, a PING, an ApiVersions request.
import { createConnection } from 'node:net';

const LIMIT_MS = 10_000;

/** Nobody listens at the address: there it may be started. Any other error means that the place is taken. */
export const nobodyListens = ({ code }) => code === 'ECONNREFUSED';

/** What the server says of itself: its version. @param url mariadb:// or mysql://, the database in it is not asked for. */
export async function askMariadb(url) {
  const { createConnection: connect } = await import('mysql2/promise');
  const { hostname, port, username, password } = new URL(url);
  const connection = await connect({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    connectTimeout: LIMIT_MS,
  });
  // It may go at any time, also after it answered.
  connection.on('error', () => {});
  try {
    const [[{ version }]] = await connection.query({ sql: 'SELECT VERSION() AS version', timeout: LIMIT_MS });
    return /mariadb/i.test(version) ? version : `MySQL ${version}`;
  } finally {
    connection.destroy();
  }
}

/** @param url redis://, with or without user and password. */
export async function askRedis(url) {
  const { hostname, port, username, password } = new URL(url);
  const words = (...list) =>
    `*${list.length}\r\n${list.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
  const secrets = [username, password].map(decodeURIComponent).filter(Boolean);
  const question = (password ? words('AUTH', ...secrets) : '') + words('PING') + words('INFO', 'server');
  const end = /^-.*|redis_version:\S+/m;
  const text = await exchange(hostname, Number(port || 6379), Buffer.from(question), (bytes) => {
    const answer = bytes.toString();
    return end.test(answer) ? answer : undefined;
  });
  const [found] = end.exec(text);
  if (!/^\+PONG\r$/m.test(text) || found.startsWith('-'))
    throw new Error(`not as Redis does, but: ${text.slice(0, 99)}`);
  return found.replace('redis_version:', '');
}

/** @param brokers host:port, several parted by commas: the first that answers counts. */
export async function askKafka(brokers) {
  // ApiVersions, version 0: length 10, key 18, version 0, correlation 1, no client id.
  const question = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255]);
  const asked = brokers.split(',').map(async (broker) => {
    const [, host, port] = /^\s*(.+?)(?::(\d+))?\s*$/.exec(broker);
    const answer = await exchange(host, Number(port ?? 9092), question, (bytes) => {
      if (bytes.length < 14) return undefined;
      // Of another protocol the length would be anything: do not wait for the rest of it.
      return bytes.readInt32BE(4) !== 1 || bytes.length >= 4 + bytes.readInt32BE(0) ? bytes : undefined;
    });
    if (answer.readInt32BE(4) !== 1 || answer.readInt16BE(8) !== 0) throw new Error('not as Kafka does');
    return `${answer.readInt32BE(10)} APIs`;
  });
  return Promise.any(asked).catch(({ errors }) => {
    throw errors[0];
  });
}

/** Sends the question and reads until `complete` makes an answer of what came. */
function exchange(host, port, question, complete) {
  return new Promise((done, fail) => {
    const socket = createConnection({ host, port }, () => socket.write(question));
    let bytes = Buffer.alloc(0);
    socket.setTimeout(LIMIT_MS, () => socket.destroy(new Error(`nothing within ${LIMIT_MS / 1000} s`)));
    socket.on('data', (more) => {
      bytes = Buffer.concat([bytes, more]);
      const answer = complete(bytes);
      if (answer === undefined) return;
      done(answer);
      socket.destroy();
    });
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('the connection was closed without an answer')));
  });
}
