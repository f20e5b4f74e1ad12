import { type Field, fieldOfFact, fieldsOf } from './fields';
import { inWords, type ModuleName, mustBeEvent, pascal, Refused, sliceName } from './names';
import { schematic, thereIs } from './slice';
import type { Source } from './source';

const CONTRACTS = 'libs/contracts/src';
const FROM_VALIDATOR = new Set(['IsBoolean', 'IsEmail', 'IsInt', 'IsString', 'Length', 'MaxLength', 'Min']);

/** An event, declared once in the contracts: with its topic, its stream and a sample for docs/asyncapi.json. */
export const event = schematic('event', (slice, given, words) => {
  const { module, name } = sliceName(given, 'event', 'supplier-created');
  mustBeEvent(name, module);
  slice.folderOf(module);
  const className = pascal(name);
  if (slice.hasEvent(className)) throw thereIs('event', [`${className} in ${CONTRACTS}`]);
  const file = `${CONTRACTS}/${module.noun}-events.ts`;
  const fields = fieldsOf(words);
  if (slice.has(file)) {
    const others = addTo(slice.edit(file), { className, name, fields, module });
    fields.push(...others);
  } else {
    if (fields.length === 0) {
      const has = slice.columnsOf(module).map(({ written }) => written);
      throw new Refused(`Say what is told of ${inWords(name)}: event ${given} ${has.join(' ')}`);
    }
    slice.create(file, contractFile(module, name, fields));
    slice.edit(`${CONTRACTS}/index.ts`).addExport(`./${module.noun}-events`);
    const topic = `'${module.noun}-events': { about: 'What became of the ${inWords(module.name)}.', app: 'store-manager' }`;
    slice.edit(`${CONTRACTS}/topics.ts`).addToConst('TOPICS', topic, "'payment-events'");
  }
  const facts = ['id: 1', ...fields.map((field) => `${field.name}: ${field.factSample}`)].join(', ');
  slice
    .edit(`${CONTRACTS}/samples.ts`)
    .addImport(`./${module.noun}-events`, className)
    .addToConst('events', `${className}.of({ ${facts} })`);
  slice.nextSteps.push('npm run openapi, which writes the events into docs/asyncapi.json');
});

interface Added {
  className: string;
  name: string;
  fields: Field[];
  module: ModuleName;
}

/**
 * To a file that has events already. What all of them say need not be said again.
 * @returns the fields that it has besides those that were given
 */
function addTo(source: Source, { className, name, fields, module }: Added): Field[] {
  const base = `${module.entity}Fact`;
  if (!source.hasClass(base)) {
    throw new Refused(`${source.path} has no class ${base} of what all its events say. Declare ${className} by hand.`);
  }
  const said = source.fieldsOf(base).filter((fact) => fact.name !== 'id');
  const others = said.filter((fact) => !fields.some((field) => field.name === fact.name));
  const known = others.flatMap((fact) => fieldOfFact(fact.name, fact.decorators) ?? []);
  if (known.length < others.length) {
    throw new Refused(`${base} has fields of which no sample can be made up. Declare ${className} by hand.`);
  }
  const own = fields.filter((field) => !said.some((fact) => fact.name === field.name));
  for (const decorator of own.flatMap(({ fact }) => fact)) importDecorator(source, decorator);
  source.addLine(classOf(className, name, base, own));
  return known;
}

function importDecorator(source: Source, decorator: string): void {
  const name = /@(\w+)/.exec(decorator)![1];
  source.addImport(FROM_VALIDATOR.has(name) ? 'class-validator' : './money', name);
}

const classOf = (className: string, name: string, base: string, own: Field[]): string => `
@EventContract({ ...declaration, summary: 'The ${inWords(name.replace(/-([a-z\d]+)$/, ' was $1'))}.' })
export class ${className} extends ${base} {${members(own)}}`;

const members = (fields: Field[]): string =>
  fields.map(({ name, fact, factType }) => `${fact.join('\n')}\n${name}: ${factType};`).join('\n\n');

function contractFile(module: ModuleName, name: string, fields: Field[]): string {
  const decorators = ['@IsInt()', '@Min(1)', ...fields.flatMap(({ fact }) => fact)];
  const names = [...new Set(decorators.map((decorator) => /@(\w+)/.exec(decorator)![1]))].toSorted();
  const { noun, entity } = module;
  return `
import { ${names.filter((one) => FROM_VALIDATOR.has(one)).join(', ')} } from 'class-validator';
import { DomainEvent, EventContract } from './domain-event';
${names.includes('IsAmount') ? "import { IsAmount } from './money';" : ''}

abstract class ${entity}Fact extends DomainEvent {
  @IsInt()
  @Min(1)
  id: number;

  ${members(fields)}
}

const declaration = {
  topic: '${noun}-events',
  schemaVersion: 1,
  stream: (${noun === inWords(noun) ? noun : 'fact'}: ${entity}Fact) => \`${noun}-\${${noun === inWords(noun) ? noun : 'fact'}.id}\`,
};

${classOf(pascal(name), name, `${entity}Fact`, [])}
`;
}
