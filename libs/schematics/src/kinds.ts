/** What a field can be, and what that means wherever it stands. */
export interface Kind {
  /** Of a command's body: its decorator, from @magasin/hosting unless it says so, and its type. */
  input: (length: number) => string;
  inputType: string;
  from?: string;
  /** Of an event. */
  fact: (length: number) => string[];
  factType: string;
  column: 'text' | 'integer' | 'boolean';
  sqlite: string;
  mysql: (length: number) => string;
  /** What a test writes into it, as code, and what the event then says. */
  sample: (name: string) => string;
  factSample?: string;
  /** Where it has a length. */
  length?: number;
}

export const KINDS: Record<string, Kind> = {
  string: {
    input: (length) => `@IsLine(${length})`,
    inputType: 'string',
    fact: (length) => ['@IsString()', `@Length(1, ${length})`],
    factType: 'string',
    column: 'text',
    sqlite: 'TEXT',
    mysql: (length) => `VARCHAR(${length})`,
    sample: (name) => (name.endsWith('name') ? "'Grace Hopper'" : `'Some ${name.replaceAll('_', ' ')}'`),
    length: 100,
  },
  email: {
    input: (length) => `@IsMailAddress(${length})`,
    inputType: 'string',
    fact: (length) => ['@IsEmail()', `@MaxLength(${length})`],
    factType: 'string',
    column: 'text',
    sqlite: 'TEXT',
    mysql: (length) => `VARCHAR(${length})`,
    sample: () => "'grace@example.com'",
    length: 150,
  },
  money: {
    input: () => '@IsPrice()',
    inputType: 'number | string',
    fact: () => ['@IsAmount()'],
    factType: 'string',
    column: 'integer',
    sqlite: 'INTEGER',
    mysql: () => 'BIGINT',
    sample: () => '24.95',
    factSample: "'24.95'",
  },
  int: {
    input: () => '@IsQuantity(0)',
    inputType: 'number',
    fact: () => ['@IsInt()', '@Min(0)'],
    factType: 'number',
    column: 'integer',
    sqlite: 'INTEGER',
    mysql: () => 'BIGINT',
    sample: () => '5',
  },
  id: {
    input: () => '@IsId()',
    inputType: 'number',
    fact: () => ['@IsInt()', '@Min(1)'],
    factType: 'number',
    column: 'integer',
    sqlite: 'INTEGER',
    mysql: () => 'BIGINT',
    sample: () => '1',
  },
  boolean: {
    input: () => '@IsBoolean()',
    inputType: 'boolean',
    from: 'class-validator',
    fact: () => ['@IsBoolean()'],
    factType: 'boolean',
    column: 'boolean',
    sqlite: 'INTEGER',
    mysql: () => 'BOOLEAN',
    sample: () => 'true',
  },
};
