import type { CommandPlan } from './command';
import { toldIn } from './command.write';
import { camel, inWords, pascal, withArticle } from './names';

export function deleteCommand({ module, command, event, fields }: CommandPlan): string {
  const { noun, entity } = module;
  const variable = camel(noun);
  const money = fields.some(({ kind }) => kind === 'money');
  const facts = fields.map(({ name, column, kind }) => (kind === 'money' ? `${name}: toAmount(${column})` : name));
  return `
import { ${event}${money ? ', toAmount' : ''} } from '@magasin/contracts';
import { EventLog, forUpdate } from '@magasin/event-log';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { ${entity}NotFound } from '../errors';
import { ${entity} } from '../${noun}';

export class ${entity}IsDeleted {
  @ApiProperty({ enum: [true], example: true })
  deleted: true;
}

export class ${command} extends Command<${entity}IsDeleted> {
  constructor(readonly id: number) {
    super();
  }
}

@CommandHandler(${command})
export class ${command}Handler implements ICommandHandler<${command}> {
  constructor(private readonly log: EventLog) {}

  async execute({ id }: ${command}): Promise<${entity}IsDeleted> {
    return this.log.transaction(async (tx) => {
      const ${variable} = await tx.rows.findOne(${entity}, { where: { id }, ...forUpdate(tx.rows) });
      if (!${variable}) throw new ${entity}NotFound(id, { deleted: false });
      const { ${fields.map(({ column }) => column).join(', ')} } = ${variable};
      await tx.rows.delete(${entity}, { id });
      tx.record(${event}.of({ id, ${facts.join(', ')} }));
      return { deleted: true };
    });
  }
}
`;
}

export function deleteSpec({ module, name, command, event, fields }: CommandPlan): string {
  const { noun, entity, name: plural } = module;
  return `
import { ${event} } from '@magasin/contracts';
import { onBothDatabases, recordedIn, Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { ${entity}NotFound } from '../errors';
import { ${pascal(plural)}Module } from '../index';
import { ${entity} } from '../${noun}';
import { ${command} } from './${name}';

const row = { id: 6, ${fields.map((field) => `${field.column}: ${field.rowSample}`).join(', ')} };

onBothDatabases('${command}', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [${pascal(plural)}Module] }, undefined, databases)));
  afterEach(() => scenario.end());
${toldIn(event)}
  it('deletes the ${inWords(noun)} and records what it was', async () => {
    await scenario
      .givenRows(${entity}, row)
      .when(new ${command}(6))
      .thenAnswers({ deleted: true })
      .andRows(${entity}, []);
    expect(await told()).toMatchObject([{ id: 6, ${fields.map((field) => `${field.name}: ${field.factSample}`).join(', ')} }]);
  });

  it('refuses ${withArticle(noun)} that is gone already', async () => {
    await scenario.givenRows(${entity}, row).given(new ${command}(6)).when(new ${command}(6)).thenRefused(${entity}NotFound);
  });
});
`;
}
