// `npm run drill -- …`: makes on purpose what docs/operating.md repairs, for practice. Never on a shop that people use.
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { InvalidArgumentError, program } from 'commander';
import { SMTPServer } from 'smtp-server';

const require = createRequire(import.meta.url);
const { poison } = require('./poison.cjs');

if (existsSync('.env')) process.loadEnvFile('.env');
const database = process.env.DATABASE_URL || 'sqlite:data/magasin.sqlite';
const say = (line) => process.stdout.write(`${line}\n`);

const whole = (text) => {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
};

program.name('npm run drill --').description('Makes faults for practice. Never on a shop that people use.');

program
  .command('poison')
  .description('put events that nobody can read into the log of the shop in this folder')
  .option('--count <n>', 'how many, each in a stream of its own', whole, 1)
  .action(async ({ count }) => {
    if (database.startsWith('sqlite:') && !existsSync(database.replace('sqlite:', ''))) {
      program.error(`There is no shop in ${database} yet: npm start makes one.`);
    }
    const first = 900_000 + (Date.now() % 90_000);
    for (let id = first; id < first + count; id += 1) {
      const position = await poison(database, `user-${id}`, `{"event":"UserCreated","id":${id},"email":`).catch(
        (error) => program.error(error.message),
      );
      say(`position ${position}: user-${id} is poisoned`);
    }
    say('The shop sees it at the next event that it records, or within 5 seconds.');
  });

program
  .command('smtp')
  .description('a mail server that shows what it gets: for MAILER=smtp SMTP_TLS=off')
  .option('--port <n>', 'its port', whole, 2525)
  .option('--cut <n>', 'cut the connection in the middle of the content of the first n e-mails', whole, 0)
  .option('--hang', 'take the content, and never answer')
  .option('--refuse <address>', 'refuse this recipient for good')
  .action(({ port, cut, hang, refuse }) => {
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
          stream.once('data', () => {
            say(`cut the connection during DATA, to ${to}`);
            for (const connection of server.connections) {
              if (connection.session?.id === session.id) connection._socket.destroy();
            }
          });
          return;
        }
        let text = '';
        stream.on('data', (chunk) => (text += chunk.toString()));
        stream.on('end', () => {
          const [, id] = /^Message-ID:\s+(<[^>]+>)/im.exec(text) ?? [];
          if (hang) return say(`has all of ${id} to ${to}, and says nothing`);
          say(`got ${id} to ${to}`);
          return done();
        });
      },
    });
    server.on('error', (error) => {
      if (error.syscall === 'listen')
        program.error(`Port ${port} can not be had (${error.code}). Give another: --port.`);
    });
    server.listen(port, '127.0.0.1', () => say(`A mail server listens on localhost:${port}.`));
  });

await program.parseAsync();
