import type { CommandPlan } from './command';
import type { Field } from './fields';
import { apiProperty } from './module';
import { camel, pascal, snake, withArticle } from './names';

export function writeCommand({ module, command: className, event, fields }: CommandPlan, done: string): string {
  const { noun, entity } = module;
  const variable = camel(noun);
  const money = fields.filter(({ kind }) => kind === 'money');
  const fromContracts = [event, ...(money.length > 0 ? ['toAmount', 'toCents'] : [])];
  const decorator = (field: Field): string => /@(\w+)/.exec(field.input)![1];
  const importing = (from: string): string => {
    const names = fields.filter(({ inputFrom }) => inputFrom === from).map(decorator);
    return names.length > 0 ? `import { ${[...new Set(names)].toSorted().join(', ')} } from '${from}';\n` : '';
  };
  const body = fields.map((field) => `${apiProperty(field)}\n${field.input}\n${field.name}: ${field.inputType};`);
  const facts = fields.map(({ name, column, kind }) => (kind === 'money' ? `${name}: toAmount(${column})` : name));
  return `
import { ${fromContracts.join(', ')} } from '@magasin/contracts';
import { EventLog } from '@magasin/event-log';
${importing('@magasin/hosting')}import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
${importing('class-validator')}import { ${entity} } from '../${noun}';

export class ${entity}${done} {
  @ApiProperty({ type: 'integer', example: 1 })
  ${snake(noun)}_id: number;
}

export class ${className} extends Command<${entity}${done}> {
  ${body.join('\n\n')}
}

@CommandHandler(${className})
export class ${className}Handler implements ICommandHandler<${className}> {
  constructor(private readonly log: EventLog) {}

  async execute({ ${fields.map(({ name }) => name).join(', ')} }: ${className}): Promise<${entity}${done}> {
    ${money.map(({ name, column }) => `const ${column} = toCents(${name})!;\n`).join('')}return this.log.transaction(async (tx) => {
      const ${variable} = await tx.rows.insert(${entity}, { ${fields.map(({ column }) => column).join(', ')} });
      const { id } = ${variable}.identifiers[0] as { id: number };
      tx.record(${event}.of({ id, ${facts.join(', ')} }));
      return { ${snake(noun)}_id: id };
    });
  }
}
`;
}

/** In a spec: what a command has recorded itself. What reactions record then is in their specs. */
export const toldIn = (event: string): string => `
  // What others do about it is in the specs of the reactions.
  const told = async () =>
    (await recordedIn<${event}>(scenario.app.get(EventLog))).filter((fact) => fact.event === ${event}.name);
`;

export function writeSpec({ module, name, command: className, event, fields }: CommandPlan): string {
  const { noun, entity, name: plural } = module;
  const list = (value: (field: Field) => string): string => fields.map(value).join(', ');
  const body = list((field) => `${field.name}: ${field.sample}`);
  const facts = list((field) => `${field.name}: ${field.factSample}`);
  const row = list((field) => `${field.column}: ${field.rowSample}`);
  const [verb] = name.split('-');
  return `
import { ${event} } from '@magasin/contracts';
import { onBothDatabases, recordedIn, Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { validateSync } from 'class-validator';
import { ${pascal(plural)}Module } from '../index';
import { ${entity} } from '../${noun}';
import { ${className} } from './${name}';

const ${verb} = (): ${className} => Object.assign(new ${className}(), { ${body} });

onBothDatabases('${className}', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [${pascal(plural)}Module] }, undefined, databases)));
  afterEach(() => scenario.end());
${toldIn(event)}
  it('${verb}s ${withArticle(noun)}, and records it', async () => {
    await scenario
      .when(${verb}())
      .thenAnswers({ ${snake(noun)}_id: 1 })
      .andRows(${entity}, [{ id: 1, ${row} }]);
    expect(await told()).toMatchObject([{ id: 1, ${facts} }]);
  });

  it('${verb}s another one behind it', async () => {
    await scenario.given(${verb}()).when(${verb}()).thenAnswers({ ${snake(noun)}_id: 2 });
    expect(await told()).toMatchObject([{ id: 1 }, { id: 2 }]);
  });

  it('misses every field that is left out', () => {
    expect(validateSync(${verb}())).toEqual([]);
    expect(validateSync(new ${className}()).map(({ property }) => property)).toEqual([${list(({ name: field }) => `'${field}'`)}]);
  });
});
`;
}
