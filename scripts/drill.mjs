// `npm run drill -- …`: makes on purpose what docs/operating.md repairs, for practice. Never on a shop that people use.
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { program } from 'commander';
import { SMTPServer } from 'smtp-server';

const require = createRequire(import.meta.url);
const { poison } = require('./poison.cjs');

if (existsSync('.env')) process.loadEnvFile('.env');
const database = process.env.DATABASE_URL || 'sqlite:data/magasin.sqlite';
const say = (line) => process.stdout.write(`${line}\n`);

program.name('npm run drill --').description('Makes faults for practice. Never on a shop that people use.');

program
  .command('poison')
  .description('put events that nobody can read into the log of the shop in this folder')
  .option('--count <n>', 'how many, each in a stream of its own', Number, 1)
  .action(({ count }) => {
    const first = 900_000 + (Date.now() % 90_000);
    for (let id = first; id < first + count; id += 1) {
      const position = poison(database, `user-${id}`, `{"event":"UserCreated","id":${id},"email":`);
      say(`position ${position}: user-${id} is poisoned`);
    }
    say('The shop sees it at the next event that it records, or within 5 seconds.');
  });

program
  .command('smtp')
  .description('a mail server that shows what it gets: for MAILER=smtp SMTP_TLS=off')
  .option('--port <n>', 'its port', Number, 2525)
  .option('--cut <n>', 'cut the connection in the middle of the content of the first n e-mails', Number, 0)
  .option('--refuse <address>', 'refuse this recipient for good')
  .action(({ port, cut, refuse }) => {
    let cuts = cut;
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      logger: false,
      onRcptTo({ address }, _session, done) {
        if (address !== refuse) return done();
        say(`refused ${address}`);
        return done(Object.assign(new Error('5.1.1 No such user here'), { responseCode: 550 }));
      },
      onData(stream, session, done) {
        const to = session.envelope.rcptTo.map(({ address }) => address).join(', ');
        if (cuts > 0) {
          cuts -= 1;
          say(`cut the connection during DATA, to ${to}`);
          stream.once('data', () => session.socket?.destroy());
          for (const connection of server.connections) connection._socket.destroy();
          return;
        }
        let text = '';
        stream.on('data', (chunk) => (text += chunk.toString()));
        stream.on('end', () => {
          const [, id] = /^Message-ID: (.+)$/im.exec(text) ?? [];
          say(`got ${id} to ${to}`);
          done();
        });
      },
    });
    server.on('error', () => undefined);
    server.listen(port, '127.0.0.1', () => say(`A mail server listens on localhost:${port}.`));
  });

program.parse();
