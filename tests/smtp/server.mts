// A mail server as a process of its own. What it does with an e-mail is said by the address, up to the first dot:
// `greylist.1@example.com`. It tells its parent where it is with each, and what it has accepted.
import { type Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export interface ServerOptions {
  port?: number;
  secure?: boolean;
  key?: string;
  cert?: string;
  user?: string;
  password?: string;
}

/** What the server has taken responsibility for, said before it answers. */
export interface Accepted {
  recipient: string;
  from: string;
  secure: boolean;
  user?: string;
  message: string;
}

export type Report =
  | { listening: number }
  | { accepted: Accepted }
  | { at: 'rcpt' | 'data' | 'dot'; recipient: string }
  | { error: string };

const {
  port = 0,
  user: login,
  password,
  secure = false,
  ...tls
} = JSON.parse(process.argv[2] ?? '{}') as ServerOptions;
const report = (said: Report): void => void process.send?.(said);
const met = new Map<string, number>();
/** RCPTs that wait until the parent says the address. */
const held = new Map<string, () => void>();

const refusal = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });
const behaviourFor = (address: string): string => address.split(/[.@]/)[0];
/** True the first times that it is asked of something. */
const isEarly = (what: string, times = 1): boolean => {
  met.set(what, (met.get(what) ?? 0) + 1);
  return met.get(what)! <= times;
};

const server = new SMTPServer({
  secure,
  ...tls,
  authOptional: login === undefined,
  disabledCommands: [...(tls.cert === undefined ? ['STARTTLS'] : []), ...(login === undefined ? ['AUTH'] : [])],
  disableReverseLookup: true,
  onAuth(auth, _session, done) {
    if (auth.username === login && auth.password === password) done(null, { user: auth.username });
    else done(refusal(535, 'Authentication credentials invalid'));
  },
  onRcptTo({ address }, session, done) {
    report({ at: 'rcpt', recipient: address });
    const behaviour = behaviourFor(address);
    if (behaviour === 'refuse') done(refusal(550, 'No such user here'));
    else if (behaviour === 'never') done(refusal(452, 'Mailbox full'));
    else if (behaviour === 'greylist' && isEarly(address)) done(refusal(451, 'Greylisted, try again later'));
    else if (behaviour === 'hold' && isEarly(address)) held.set(address, done);
    // Twice: the first time the session may be a used one, which the sender replaces without a word.
    else if (behaviour === 'cut-before-data' && isEarly(address, 2)) socketOf(session).destroy();
    else if (behaviour !== 'hang-rcpt' || !isEarly(address, 2)) done();
  },
  onData(stream, session, done) {
    const recipient = session.envelope.rcptTo[0].address;
    const behaviour = behaviourFor(recipient);
    report({ at: 'data', recipient });
    // Reads nothing.
    if (behaviour === 'stall' || (recipient.startsWith('hold.stall') && !isEarly(`${recipient} data`))) return;
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (behaviour === 'cut-in-data') socketOf(session).destroy();
    });
    stream.on('end', () => {
      // A small message has come whole in that one piece: it is thrown away.
      if (behaviour === 'cut-in-data') return undefined;
      report({ at: 'dot', recipient });
      if (behaviour === 'refuse-after-dot') return done(refusal(554, 'Looks like spam'));
      if (behaviour === 'later-after-dot' && isEarly(recipient)) return done(refusal(451, 'Local error, try again'));
      const { mailFrom } = session.envelope;
      const from = mailFrom ? mailFrom.address : '';
      const user = session.user as string | undefined;
      report({
        accepted: { recipient, from, secure: session.secure, user, message: Buffer.concat(chunks).toString() },
      });
      if (behaviour === 'cut-after-dot') return socketOf(session).destroy();
      if (behaviour === 'hang-after-dot' && isEarly(recipient)) return held.set(recipient, done);
      return done();
    });
  },
});

function socketOf(session: SMTPServerSession): Socket {
  const connections = server.connections as unknown as Set<{ session: SMTPServerSession; _socket: Socket }>;
  return [...connections].find((connection) => connection.session === session)!._socket;
}

server.on('error', ({ message }) => report({ error: message }));
process.on('message', (address: string) => held.get(address)?.());
// Whoever started it has ended: so does it.
process.on('disconnect', () => process.exit(0));
server.listen(port, '127.0.0.1', () => report({ listening: (server.server.address() as { port: number }).port }));
