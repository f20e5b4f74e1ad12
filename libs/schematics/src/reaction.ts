import { provide } from './controller';
import { type Field, namedWord } from './fields';
import { camel, inWords, kebab, type ModuleName, mustBeReaction, pascal, Refused, sliceName } from './names';
import { schematic, thereIs } from './slice';

interface ReactionPlan {
  module: ModuleName;
  /** `approve-supplier` */
  name: string;
  on: string;
  records: string;
  /** What the recorded event says, all of it told by the other one. */
  told: string[];
  onFacts: Field[];
}

/** What a module does on an event: it records another one, in the unit of work that takes the first. */
export const reaction = schematic('reaction', (slice, given, words) => {
  const { module, name } = sliceName(given, 'reaction', 'approve-supplier');
  mustBeReaction(name, module);
  const folder = slice.folderOf(module);
  const path = `${folder}/reactions/${name}.ts`;
  if (slice.has(path)) throw thereIs('reaction', [path]);
  const on = slice.event(namedWord(words, 'on', 'SupplierCreated'));
  const records = slice.event(namedWord(words, 'records', 'SupplierApproved'));
  if (on.name === records.name) throw new Refused(`${on.name} would be recorded on each ${on.name}, without end.`);
  if (on.others.length > 0) {
    throw new Refused(`Of ${on.name} no sample can be made up, for it says ${on.others.join(', ')}. Write it by hand.`);
  }
  const known = new Set(on.fields.map((field) => field.name));
  const told = [...records.fields.map((field) => field.name), ...records.others];
  const untold = told.filter((field) => !known.has(field));
  if (untold.length > 0) {
    throw new Refused(`${records.name} says ${untold.join(', ')}, which ${on.name} does not tell. Write it by hand.`);
  }
  const plan = { module, name, on: on.name, records: records.name, told, onFacts: on.fields };
  slice.create(path, reactionFile(plan));
  slice.create(path.replace(/ts$/, 'int.spec.ts'), reactionSpec(plan));

  const consumer = `${pascal(module.name)}Consumer`;
  const file = `${folder}/${module.name}.consumer.ts`;
  if (!slice.has(file)) {
    slice.create(file, consumerFile(module, consumer));
    provide(slice, module, `./${module.name}.consumer`, consumer);
    // Who takes events is shown in the order in which the modules stand in the store.
    slice.edit('tests/shop-process.ts').addToConst('CONSUMERS', `'${module.name}'`, "'payments'");
  }
  const source = slice.edit(file);
  if (source.text.includes(`@On(${on.name})`)) {
    throw new Refused(`${file} does something on ${on.name} already. Call ${camel(name)} from there, by hand.`);
  }
  const parameter = camel(kebab(on.name).split('-').at(-1)!);
  source
    .addImport('@magasin/contracts', on.name)
    .addImport(`./reactions/${name}`, camel(name))
    .addMember(
      consumer,
      `@On(${on.name})
      ${camel(name)}(${parameter}: ${on.name}, tx: UnitOfWork): Promise<void> {
        return ${camel(name)}(tx, ${parameter});
      }`,
    );
});

const consumerFile = ({ name }: ModuleName, consumer: string): string => `
import { EventConsumer, On } from '@magasin/event-bus';
import type { UnitOfWork } from '@magasin/event-log';

/** What the ${inWords(name)} do when something has happened. */
@EventConsumer('${name}')
export class ${consumer} {
}
`;

const reactionFile = ({ name, on, records, told }: ReactionPlan): string => `
import { ${on < records ? `type ${on}, ${records}` : `${records}, type ${on}`} } from '@magasin/contracts';
import type { UnitOfWork } from '@magasin/event-log';

/** Once for each ${on}, however often it arrives. */
export async function ${camel(name)}(tx: UnitOfWork, { ${told.join(', ')} }: ${on}): Promise<void> {
  tx.record(${records}.of({ ${told.join(', ')} }));
}
`;

function reactionSpec({ module, name, on, records, told, onFacts }: ReactionPlan): string {
  const facts = (names: string[]): string =>
    onFacts
      .filter((field) => names.includes(field.name))
      .map((field) => `${field.name}: ${field.factSample}`)
      .join(', ');
  const all = onFacts.map((field) => field.name);
  const same = all.length === told.length;
  return `
import { ${[on, records].toSorted().join(', ')} } from '@magasin/contracts';
import { onBothDatabases, Scenario } from '@magasin/event-bus/testing';
import { ${pascal(module.name)}Module } from '../index';

const told = { ${facts(all)} };
${same ? '' : `const recorded = { ${facts(told)} };\n`}
onBothDatabases('The reaction ${name}', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [${pascal(module.name)}Module] }, undefined, databases)));
  afterEach(() => scenario.end());

  it('records ${records} on ${on}', async () => {
    await scenario.when(${on}.of(told)).then(${records}.of(${same ? 'told' : 'recorded'}));
  });
});
`;
}
