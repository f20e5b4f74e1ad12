import { type Field, fieldsOf } from './fields';
import { inWords, type ModuleName, moduleName, pascal, Refused, snake } from './names';
import { schematic, STORE, thereIs } from './slice';

export const hasMoney = (fields: Field[]): boolean => fields.some(({ kind }) => kind === 'money');

/** A module of the store with its table. (`module` alone is Node's own in a CommonJS file.) */
export const moduleSchematic = schematic('module', (slice, given, words) => {
  const name = moduleName(given);
  const fields = fieldsOf(words);
  if (fields.length === 0)
    throw new Refused(`Say what a ${name.noun} has: module ${name.name} name:string email:email`);
  const folder = `${STORE}/${name.name}`;
  const app = slice.edit(`${STORE}/store-manager.module.ts`);
  if (slice.has(`${folder}/${name.name}.module.ts`)) throw thereIs('module', [folder]);
  slice.mustBeFree(snake(name.name));
  const migration = `Create${pascal(name.name)}${Date.now()}`;
  slice.create(`${folder}/${name.noun}.ts`, entityFile(name, fields));
  slice.create(`${folder}/schema.ts`, schemaFile(name, fields, migration));
  slice.create(`${folder}/${name.name}.module.ts`, moduleFile(name, migration));
  slice.create(`${folder}/index.ts`, `export { ${pascal(name.name)}Module } from './${name.name}.module';\n`);
  slice.create(`${folder}/${name.name}.module.int.spec.ts`, specFile(name, fields));
  const module = `${pascal(name.name)}Module`;
  app.addImport(`./${name.name}`, module).addToDecorator('StoreManagerModule', 'imports', module);
  slice.nextSteps.push(
    `events and use cases of it: npm run g -- event ${name.name}/${name.noun}-created ${words.join(' ')}`,
  );
});

const properties = (fields: { name: string; type: string; decorators: string[] }[]): string =>
  fields.map(({ name, type, decorators }) => `${decorators.join('\n')}\n${name}: ${type};`).join('\n\n');

function entityFile({ name, noun, entity }: ModuleName, fields: Field[]): string {
  const money = hasMoney(fields);
  const documented = (decorators: string[], field: Field): string[] =>
    money ? decorators : [apiProperty(field), ...decorators];
  const columns = fields.map((field) => ({
    name: field.column,
    type: field.kind === 'money' ? 'number' : field.factType,
    decorators: documented([`@Column('${field.columnType}')`], field),
  }));
  return `
    ${money ? "import { toAmount } from '@magasin/contracts';" : ''}
    import { ApiProperty } from '@nestjs/swagger';
    import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

    @Entity('${snake(name)}')
    export class ${entity} {
      ${money ? '' : "@ApiProperty({ type: 'integer', example: 1 })"}
      @PrimaryGeneratedColumn()
      id: number;

      ${properties(columns)}
    }
    ${money ? viewOf(noun, entity, fields) : ''}`;
}

/** Money is kept in cents and told as an amount: then what callers see is not the row. */
const viewOf = (noun: string, entity: string, fields: Field[]): string => `
    /** A ${inWords(noun)} as callers see it. */
    export class ${entity}View {
      @ApiProperty({ type: 'integer', example: 1 })
      id: number;

      ${properties(
        fields.map((field) => ({
          name: field.name,
          type: field.kind === 'money' ? 'number' : field.factType,
          decorators: [apiProperty(field)],
        })),
      )}
    }

    export const viewOf = ({ id, ${fields.map(({ column }) => column).join(', ')} }: ${entity}): ${entity}View => ({
      id,
      ${fields.map((field) => (field.kind === 'money' ? `${field.name}: Number(toAmount(${field.column}))` : field.name)).join(',\n')},
    });`;

/** Of a number that is whole the document says so. */
export const apiProperty = ({ kind, sample }: Field): string =>
  `@ApiProperty({ ${kind === 'int' || kind === 'id' ? "type: 'integer', " : ''}example: ${sample} })`;

function schemaFile({ name, noun }: ModuleName, fields: Field[], migration: string): string {
  const table = snake(name);
  const sqlite = fields.map((field) => `          ${field.column} ${field.sqlite} NOT NULL`);
  const mysql = fields.map((field) => `          ${field.column} ${field.mysql} NOT NULL`);
  return `
import { createTables } from '@magasin/event-log';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${migration} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // AUTOINCREMENT: the id of a deleted ${inWords(noun)} is never another's.
    await createTables(runner, {
      sqlite: [
        \`CREATE TABLE ${table} (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
${sqlite.join(',\n')}
        ) STRICT\`,
      ],
      mysql: {
        ${table}: \`
          id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
${mysql.join(',\n')}\`,
      },
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ${table}');
  }
}
`;
}

const moduleFile = ({ name, noun, entity }: ModuleName, migration: string): string => `
import { EventBackboneModule } from '@magasin/event-bus';
import { Module } from '@nestjs/common';
${[`import { ${migration} } from './schema';`, `import { ${entity} } from './${noun}';`].toSorted((a, b) => (a.split("'")[1] < b.split("'")[1] ? -1 : 1)).join('\n')}

@Module({
  imports: [EventBackboneModule.forFeature({ entities: [${entity}], migrations: [${migration}] })],
})
export class ${pascal(name)}Module {}
`;

const specFile = ({ name, noun, entity }: ModuleName, fields: Field[]): string => `
import { onBothDatabases, Scenario } from '@magasin/event-bus/testing';
import { getRepositoryToken } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ${pascal(name)}Module } from './index';
import { ${entity} } from './${noun}';

const row = { id: 1, ${fields.map((field) => `${field.column}: ${field.rowSample}`).join(', ')} };

onBothDatabases('The ${inWords(name)}', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [${pascal(name)}Module] }, undefined, databases)));
  afterEach(() => scenario.end());

  it('are read as they were written', async () => {
    await scenario
      .givenRows(${entity}, row)
      .when((app) => app.get<Repository<${entity}>>(getRepositoryToken(${entity})).findOneBy({ id: 1 }))
      .thenAnswers(row);
  });
});
`;
