import { controllerName, controllerOf, provide, request } from './controller';
import { type Field, namedWord } from './fields';
import { camel, inWords, kebab, type ModuleName, mustBeProjection, pascal, Refused, sliceName, snake } from './names';
import { type DeclaredEvent, schematic, thereIs } from './slice';

interface ProjectionPlan {
  module: ModuleName;
  /** `suppliers-by-name` */
  name: string;
  on: DeclaredEvent;
  by: Field;
  /** `SuppliersByName`: the query; its line; the row. */
  query: string;
  line: string;
  row: string;
  migration: string;
}

/** A report that events feed: how many of an event there are, by one of its fields. */
export const projection = schematic('projection', (slice, given, words) => {
  const { module, name } = sliceName(given, 'projection', 'suppliers-by-name');
  const field = mustBeProjection(name);
  const folder = `${slice.folderOf(module)}/${name}`;
  if (slice.has(`${folder}/${name}.ts`)) throw thereIs('projection', [folder]);
  const on = slice.event(namedWord(words, 'on', 'SupplierCreated'));
  const by = on.fields.find((one) => one.name === field);
  if (!by || by.name === 'events' || by.kind === 'boolean' || by.kind === 'money') {
    const fields = on.fields.filter(({ kind }) => kind !== 'boolean' && kind !== 'money').map((one) => one.name);
    throw new Refused(
      `${on.name} can be counted by ${fields.join(', ') || 'none of its fields'}, and not by ${field}.`,
    );
  }
  if (on.others.length > 0) {
    throw new Refused(`Of ${on.name} no sample can be made up, for it says ${on.others.join(', ')}. Write it by hand.`);
  }
  slice.mustBeFree(snake(name));
  const query = pascal(name);
  const migration = `Create${query}${Date.now()}`;
  const plan = { module, name, on, by, query, line: `${query}Line`, row: `${query}Count`, migration };
  slice.create(`${folder}/${name}.ts`, queryFile(plan));
  slice.create(`${folder}/${name}.consumer.ts`, consumerFile(plan));
  slice.create(`${folder}/${name}-count.ts`, rowFile(plan));
  slice.create(`${folder}/schema.ts`, schemaFile(plan));
  slice.create(`${folder}/${name}.int.spec.ts`, specFile(plan));

  controllerOf(slice, module, 'queries')
    .addImport('@nestjs/common', 'Get')
    .addImport('@nestjs/swagger', 'ApiOkResponse', 'ApiOperation')
    .addImport(`./${name}/${name}`, query, plan.line)
    .addMember(
      controllerName(module),
      `@Get('reports/${name}')
      @ApiOperation({ summary: 'Count the ${inWords(name)}', description: 'Fed by events: a write is seen here when its event has arrived.' })
      @ApiOkResponse({ type: [${plan.line}] })
      ${camel(name)}(): Promise<${plan.line}[]> {
        return this.queries.execute(new ${query}());
      }`,
    );
  provide(slice, module, `./${name}/${name}.consumer`, `${query}Consumer`);
  provide(slice, module, `./${name}/${name}`, `${query}Handler`);
  slice
    .edit(`${slice.folderOf(module)}/${module.name}.module.ts`)
    .addImport(`./${name}/${name}-count`, plan.row)
    .addImport(`./${name}/schema`, migration)
    .addToCall('EventBackboneModule.forFeature', 'entities', plan.row)
    .addToCall('EventBackboneModule.forFeature', 'migrations', migration);
  // Who takes events is shown in the order in which the modules stand in the store.
  slice.edit('tests/shop-process.ts').addToConst('CONSUMERS', `'${name}'`, "'payments'");
  request(slice, module, `GET {{store}}/${module.name}/reports/${name}`);
});

const constant = ({ name }: ProjectionPlan): string => snake(name).toUpperCase();

const queryFile = (plan: ProjectionPlan): string => `
import { readLive } from '@magasin/event-bus';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { ${constant(plan)} } from './${plan.name}.consumer';

export class ${plan.line} {
  @ApiProperty({ ${plan.by.factType === 'number' ? "type: 'integer', " : ''}example: ${plan.by.factSample} })
  ${plan.by.name}: ${plan.by.factType};

  @ApiProperty({ type: 'integer', example: 12 })
  events: number;
}

const TOP = \`
  SELECT ${plan.by.name}, events FROM ${snake(plan.name)} WHERE instance = ?
  ORDER BY events DESC, ${plan.by.name} LIMIT 10\`;

/** The ten with the most events; of equals the first by ${inWords(plan.by.name)}. */
export class ${plan.query} extends Query<${plan.line}[]> {}

@QueryHandler(${plan.query})
export class ${plan.query}Handler implements IQueryHandler<${plan.query}> {
  constructor(private readonly reading: DataSource) {}

  execute(): Promise<${plan.line}[]> {
    return readLive(this.reading.manager, ${constant(plan)}, (instance) => this.reading.query(TOP, [instance]));
  }
}
`;

function consumerFile(plan: ProjectionPlan): string {
  const { name, on, by, query, row } = plan;
  const method = camel(kebab(on.name).split('-').at(-1)!);
  return `
import { ${on.name} } from '@magasin/contracts';
import { type Delivery, discardRows, EventConsumer, On } from '@magasin/event-bus';
import { orUpdate, type UnitOfWork } from '@magasin/event-log';
import { ${row} } from './${name}-count';

export const ${constant(plan)} = '${name}';

const KEY = 'instance, ${by.name}';

/** Counts: events come in any order, and sums do not mind. */
@EventConsumer(${constant(plan)}, { discard: (tx, instance) => discardRows(tx, ${row}, instance) })
export class ${query}Consumer {
  @On(${on.name})
  async ${method}({ ${by.name} }: ${on.name}, tx: UnitOfWork, { consumer }: Delivery): Promise<void> {
    const added = orUpdate(tx.rows, KEY, (row) => \`events = events + \${row('events')}\`);
    await tx.rows.query(\`INSERT INTO ${snake(name)} (instance, ${by.name}, events) VALUES (?, ?, 1) \${added}\`, [consumer, ${by.name}]);
  }
}
`;
}

const rowFile = ({ name, on, by, row }: ProjectionPlan): string => `
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many ${on.name} there are of one ${inWords(by.name)}, as one instance of the consumer \`${name}\` has it. */
@Entity('${snake(name)}')
export class ${row} {
  @PrimaryColumn('text')
  instance: string;

  @PrimaryColumn('${by.columnType}')
  ${by.name}: ${by.factType};

  @Column('integer')
  events: number;
}
`;

function schemaFile({ name, by, migration }: ProjectionPlan): string {
  const table = snake(name);
  return `
import { createTables } from '@magasin/event-log';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The index is in the order of the report: the first ten of a million cost what the first ten of a hundred do. */
export class ${migration} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, {
      sqlite: [
        \`CREATE TABLE ${table} (
          instance TEXT NOT NULL,
          ${by.name} ${by.sqlite} NOT NULL,
          events INTEGER NOT NULL,
          PRIMARY KEY (instance, ${by.name})
        ) STRICT, WITHOUT ROWID\`,
        'CREATE INDEX ix_${table}_top ON ${table} (instance, events DESC, ${by.name})',
      ],
      mysql: {
        ${table}: \`
          instance VARCHAR(100) NOT NULL,
          ${by.name} ${by.mysql} NOT NULL,
          events BIGINT NOT NULL,
          PRIMARY KEY (instance, ${by.name}),
          KEY ix_${table}_top (instance, events DESC, ${by.name})\`,
      },
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ${table}');
  }
}
`;
}

function specFile({ module, name, on, by, query }: ProjectionPlan): string {
  const facts = on.fields.map((field) => `${field.name}: ${field.name === 'id' ? '1' : field.factSample}`).join(', ');
  const line = by.name === 'id' ? '1' : by.factSample;
  return `
import { ${on.name} } from '@magasin/contracts';
import { onBothDatabases, Scenario } from '@magasin/event-bus/testing';
import { ${pascal(module.name)}Module } from '../index';
import { ${query} } from './${name}';

const told = ${on.name}.of({ ${facts} });

onBothDatabases('${query}', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [${pascal(module.name)}Module] }, undefined, databases)));
  afterEach(() => scenario.end());

  it('counts what has happened', async () => {
    await scenario
      .given(told, told)
      .when(new ${query}())
      .thenAnswers([{ ${by.name}: ${line}, events: 2 }]);
  });

  it('is empty before anything has happened', async () => {
    await scenario.when(new ${query}()).thenAnswers([]);
  });
});
`;
}
