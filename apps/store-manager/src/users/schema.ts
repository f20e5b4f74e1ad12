import { caseless, createTables, inDialect } from '@magasin/event-log';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The seed rows are the state before the first event: they record none. */
export class CreateUsers1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // AUTOINCREMENT: the id of a deleted user is never another's. NOCASE: Ada@ and ada@ are one mailbox.
    await createTables(runner, {
      sqlite: [
        'CREATE TABLE user_types (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT',
        `CREATE TABLE users (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL,
          email TEXT NOT NULL COLLATE NOCASE UNIQUE,
          user_type_id INTEGER NOT NULL REFERENCES user_types (id)
        ) STRICT`,
      ],
      mysql: {
        user_types: 'id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL',
        users: `
          id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
          name VARCHAR(100) NOT NULL,
          email VARCHAR(150) NOT NULL,
          email_caseless VARCHAR(150) GENERATED ALWAYS AS (${caseless('email')}) STORED UNIQUE,
          user_type_id BIGINT NOT NULL,
          CONSTRAINT fk_user_type FOREIGN KEY (user_type_id) REFERENCES user_types (id)`,
      },
    });
    const insert = inDialect(runner, { sqlite: 'INSERT', mysql: 'INSERT IGNORE' });
    await runner.query(`${insert} INTO user_types (id, name) VALUES (1, 'Client'), (2, 'Employee'), (3, 'Manager')`);
    await runner.query(`
      ${insert} INTO users (id, name, email, user_type_id) VALUES
        (1, 'Ada Lovelace', 'alovelace@example.com', 1),
        (2, 'Adele Goldberg', 'agoldberg@example.com', 1),
        (3, 'Alan Turing', 'aturing@example.com', 1),
        (4, 'Jane Doe', 'jdoe@magasinducoin.ca', 2),
        (5, 'Da Boss', 'dboss@magasinducoin.ca', 3)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE users');
    await runner.query('DROP TABLE user_types');
  }
}
