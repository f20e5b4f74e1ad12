import { type Kind, KINDS } from './kinds';
import { Refused } from './names';

export interface Field {
  name: string;
  kind: string;
  /** As it is typed behind `npm run g --`: `sku:string:64`. */
  written: string;
  /** What its column is called: money is kept in cents. */
  column: string;
  columnType: Kind['column'];
  sqlite: string;
  mysql: string;
  input: string;
  inputType: string;
  inputFrom: string;
  fact: string[];
  factType: string;
  /** As code. */
  sample: string;
  factSample: string;
  rowSample: string;
}

/** What a class says of a field. */
export interface SaidOfField {
  name: string;
  decorators: string[];
}

const TAKEN: Record<string, string> = {
  id: 'every row has one already',
  event: 'that is where the payload of an event says what it is',
  datetime: 'the log adds it to every event',
  instance: 'a projection keeps its own there',
};
/** Of SQL in one database or the other, and of JavaScript: a field is a column and a variable. */
const KEPT = new Set(
  (
    'add all alter and as asc between by case change check class column condition const constraint continue create cross ' +
    'database default delete desc describe distinct do drop each else enum exists explain export extends false finally ' +
    'float for foreign from function function group having if import in index insert int interval into is join key keys ' +
    'kill leave left like limit lines load lock long loop match natural new not null of on option or order outer package ' +
    'primary private protected public range rank read references rename repeat replace require return right row rows ' +
    'select set show signal static status_code super switch system table then this throw to trigger true try typeof ' +
    'union unique unlock unsigned update usage use using values var varying void when where while window with write yield'
  ).split(' '),
);

export const FIELD_TYPES = Object.keys(KINDS);

/** `name:string`, `name:string:64`. */
export function fieldOf(word: string): Field {
  const [name, kind, length, ...more] = word.split(':');
  if (!kind || more.length > 0) {
    throw new Refused(`${word} is no field. A field is name:type, its type one of ${FIELD_TYPES.join(', ')}.`);
  }
  if (!/^[a-z][a-z\d]*(_[a-z\d]+)*$/.test(name)) {
    throw new Refused(
      `${JSON.stringify(name)} can not name a field: small letters with underscores between words, like user_type_id. ` +
        'It has this one spelling in the table, the event and the JSON.',
    );
  }
  if (TAKEN[name]) throw new Refused(`No field can be called ${name}: ${TAKEN[name]}.`);
  if (KEPT.has(name)) throw new Refused(`No field can be called ${name}: it is a word of SQL or of JavaScript.`);
  const known = KINDS[kind];
  if (!known) throw new Refused(`There is no type ${kind} of a field, as in ${word}: ${FIELD_TYPES.join(', ')}.`);
  return { name, kind, ...meaning(name, kind, lengthOf(word, kind, length)) };
}

function lengthOf(word: string, kind: string, length: string | undefined): number {
  const standard = KINDS[kind].length;
  if (length === undefined) return standard ?? 0;
  if (standard === undefined) throw new Refused(`A field of the type ${kind} has no length, as ${word} would.`);
  if (/^[1-9]\d{0,2}$/.test(length) && Number(length) <= 255) return Number(length);
  throw new Refused(`The longest that a text may be is a whole number from 1 to 255, and in ${word} it is ${length}.`);
}

function meaning(name: string, kind: string, length: number): Omit<Field, 'name' | 'kind'> {
  const { input, inputType, from, fact, factType, column, sqlite, mysql, sample, factSample } = KINDS[kind];
  return {
    written: length === (KINDS[kind].length ?? 0) ? `${name}:${kind}` : `${name}:${kind}:${length}`,
    column: kind === 'money' ? `${name}_cents` : name,
    columnType: column,
    sqlite,
    mysql: mysql(length),
    input: input(length),
    inputType,
    inputFrom: from ?? '@magasin/hosting',
    fact: fact(length),
    factType,
    sample: sample(name),
    factSample: factSample ?? sample(name),
    rowSample: kind === 'money' ? '2495' : sample(name),
  };
}

export function fieldsOf(words: string[]): Field[] {
  const fields = words.map(fieldOf);
  const names = fields.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Refused(`There are two fields ${twice}.`);
  for (const [index, { column, written }] of fields.entries()) {
    const other = fields.slice(0, index).find((one) => one.column === column);
    if (!other) continue;
    throw new Refused(
      `${other.written} and ${written} would both be the column ${column}, for money is kept in cents. ` +
        'Call one of them otherwise.',
    );
  }
  return fields;
}

/** The kind that a field of a declared event is of, by its decorators; undefined when it is none of ours. */
export function fieldOfFact(name: string, decorators: string[]): Field | undefined {
  const [kind, length] = kindOf(decorators);
  return kind === undefined ? undefined : { name, kind, ...meaning(name, kind, length) };
}

/** What a column is, as far as its entity says it, or what callers see of it; how long a text may be its table knows. */
export function fieldOfColumn(column: string, decorators: string[], seen: SaidOfField[], longest?: number): Field {
  const written = [...decorators, ...seen.filter(({ name }) => name === column).flatMap((one) => one.decorators)].join(
    ' ',
  );
  const [, type = 'text'] = /@Column\('(\w+)'/.exec(written) ?? [];
  const amount = column.replace(/_cents$/, '');
  // Cents that are shown as they are stand for themselves.
  if (type === 'integer' && amount !== column && seen.some(({ name }) => name === amount)) {
    return { name: amount, kind: 'money', ...meaning(amount, 'money', 0) };
  }
  // By its example, an e-mail address is told from any other text.
  const kinds = Object.entries(KINDS).filter(([kind, known]) => kind !== 'money' && known.column === type);
  const alike = kinds.find(([, { sample }]) => written.includes(`example: ${sample(column)} }`));
  const kind = alike?.[0] ?? { integer: 'int', boolean: 'boolean' }[type] ?? 'string';
  const standard = KINDS[kind].length;
  return { name: column, kind, ...meaning(column, kind, standard ? (longest ?? standard) : 0) };
}

function kindOf(decorators: string[]): [kind: string | undefined, length: number] {
  const written = decorators.join(' ');
  if (/@IsOptional|@IsIn\b/.test(written)) return [undefined, 0];
  const [, length] = /@(?:Length\(1, |MaxLength\()(\d+)/.exec(written) ?? [];
  for (const [kind, { fact, length: standard }] of Object.entries(KINDS)) {
    const longest = Number(length ?? standard ?? 0);
    if (fact(longest).join(' ') === written) return [kind, longest];
  }
  return [undefined, 0];
}

/** `on:SupplierCreated` among the words. */
export function namedWord(words: string[], key: string, example: string): string {
  const found = words.find((word) => word.startsWith(`${key}:`))?.slice(key.length + 1);
  if (found) return found;
  throw new Refused(`Say ${key}: which event, as in ${key}:${example}.`);
}
