import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The seed rows are the state before the first event: they record none. */
export class CreateUsers1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE user_types (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT');
    await runner.query("INSERT INTO user_types (id, name) VALUES (1, 'Client'), (2, 'Employee'), (3, 'Manager')");
    // AUTOINCREMENT: the id of a deleted user is never another's. NOCASE: Ada@ and ada@ are one mailbox.
    await runner.query(`
      CREATE TABLE users (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        email TEXT NOT NULL COLLATE NOCASE UNIQUE,
        user_type_id INTEGER NOT NULL REFERENCES user_types (id)
      ) STRICT`);
    await runner.query(`
      INSERT INTO users (name, email, user_type_id) VALUES
        ('Ada Lovelace', 'alovelace@example.com', 1),
        ('Adele Goldberg', 'agoldberg@example.com', 1),
        ('Alan Turing', 'aturing@example.com', 1),
        ('Jane Doe', 'jdoe@magasinducoin.ca', 2),
        ('Da Boss', 'dboss@magasinducoin.ca', 3)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE users');
    await runner.query('DROP TABLE user_types');
  }
}
