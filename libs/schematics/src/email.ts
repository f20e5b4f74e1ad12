import { type Field, namedWord } from './fields';
import { camel, inWords, kebab, mustBeEmail, Refused, sentence, snake } from './names';
import { type DeclaredEvent, EMAILS, schematic, thereIs } from './slice';

/** How a reader is told what a value is; another field is told by its name until somebody finds the word. */
const FRENCH: Record<string, string> = {
  id: 'Numéro',
  name: 'Nom',
  email: 'Courriel',
  price: 'Prix',
  quantity: 'Quantité',
  phone: 'Téléphone',
  address: 'Adresse',
  city: 'Ville',
};

/** An e-mail of coolriel, declared on an event that knows an address. */
export const email = schematic('e-mail', (slice, given, words) => {
  const name = mustBeEmail(given);
  const path = `${EMAILS}/${name}/${name}.email.ts`;
  if (slice.has(path)) throw thereIs('e-mail', [path]);
  const on = slice.event(namedWord(words, 'on', 'SupplierApproved'));
  const to = on.fields.find(({ kind }) => kind === 'email');
  if (!to) throw new Refused(`${on.name} has no field of the type email: nobody would know whom to write to.`);
  if (on.others.length > 0) {
    throw new Refused(
      `Of ${on.name} no sample can be made up, for it says ${on.others.join(', ')}. By hand: docs/add-an-email.md`,
    );
  }
  slice.create(path, declaration(name, on, to));
  slice.create(path.replace(/ts$/, 'spec.ts'), specFile(name, on));
  slice
    .edit(`${EMAILS}/catalogue.ts`)
    .addImport(`./${name}/${name}.email`, camel(name))
    .addToConst('catalogue', camel(name));
  const table = slice.edit('docs/emails.md');
  const row = `| \`${name}\` | \`${on.name}\` | ${inWords(name)} | \`standard\` |`;
  table.text = table.text.replace(/(?<=^\|[^\n]*\|\n)(?!\|)/m, `${row}\n`);
  slice.nextSteps.push(`what it says, in ${path}; look at it on http://localhost:5010/previews`);
});

const money = (on: DeclaredEvent): boolean => on.fields.some(({ kind }) => kind === 'money');

function valueOf(variable: string, { name, kind, factType }: Field): string {
  if (kind === 'money') return `inDollars(${variable}.${name})`;
  if (kind === 'boolean') return `${variable}.${name} ? 'oui' : 'non'`;
  return factType === 'string' ? `${variable}.${name}` : `String(${variable}.${name})`;
}

const labelOf = ({ name }: Field): string => FRENCH[name] ?? sentence(inWords(name));

/** What the event is about: `supplier` of SupplierApproved. */
const aboutOf = ({ name }: DeclaredEvent): string => camel(kebab(name).split('-').slice(0, -1).join('-'));

function declaration(name: string, on: DeclaredEvent, to: Field): string {
  const about = aboutOf(on);
  const facts = on.fields.map((field) => `['${labelOf(field)}', ${valueOf(about, field)}]`);
  const addressed = on.fields.some((field) => field.name === 'name') ? `, \${${about}.name}` : '';
  const sample = on.fields.map((field) => `${field.name}: ${field.name === 'id' ? '6' : field.factSample}`).join(', ');
  return `
import { ${on.name} } from '@magasin/contracts';
import { declareEmail } from '../email-declaration';
${money(on) ? "import { inDollars } from '../order-facts';" : ''}

export const ${camel(name)} = declareEmail<${on.name}>({
  name: '${name}',
  on: ${on.name},
  to: (${about}) => ${about}.${to.name},
  subject: (${about}) => \`Un avis du Magasin du Coin, nº \${${about}.id}\`,
  body: (${about}) => ({
    heading: ${addressed ? `\`Bonjour${addressed}\`` : "'Bonjour'"},
    paragraphs: ['Voici ce que nous avons noté au Magasin du Coin.'],
    facts: [
      ${facts.join(',\n')},
      ['Date', ${about}.datetime],
    ],
  }),
  file: (${about}) => \`${snake(name)}_\${${about}.id}\`,
  samples: { standard: ${on.name}.of({ ${sample} }) },
});
`;
}

function specFile(name: string, on: DeclaredEvent): string {
  const variable = camel(name);
  const shown = (field: Field): string => {
    if (field.name === 'id') return "'6'";
    if (field.kind === 'money') return "'24,95\\u00a0$'";
    if (field.kind === 'boolean') return "'oui'";
    return field.factType === 'string' ? field.factSample : `'${field.factSample}'`;
  };
  const facts = on.fields.map((field) => `['${labelOf(field)}', ${shown(field)}]`);
  return `
import { ${variable} } from './${name}.email';

const event = { ...${variable}.samples.standard, datetime: '2026-11-23 16:00:41.491000' };

describe('The e-mail ${name}', () => {
  it('goes to whom the event names', () => {
    expect(${variable}.to(event)).toBe('grace@example.com');
    expect(${variable}.subject(event)).toBe('Un avis du Magasin du Coin, nº 6');
    expect(${variable}.file(event)).toBe('${snake(name)}_6');
  });

  it('says what was noted, and when', () => {
    const { paragraphs, facts } = ${variable}.body(event);

    expect(paragraphs).toEqual(['Voici ce que nous avons noté au Magasin du Coin.']);
    expect(facts).toEqual([
      ${facts.join(',\n')},
      ['Date', '2026-11-23 16:00:41.491000'],
    ]);
  });
});
`;
}
