/** What is told to whoever typed: what is wrong with it, why, and what would be right. Nothing is written then. */
export class Refused extends Error {}

const KEBAB = /^[a-z][a-z\d]*(-[a-z][a-z\d]*)*$/;
const NOT_IN_ED = new Set(
  ['begun', 'bought', 'broken', 'brought', 'built', 'chosen', 'done', 'drawn', 'found', 'given', 'gone', 'held', 'kept']
    .concat(['known', 'left', 'lost', 'made', 'met', 'paid', 'put', 'read', 'seen', 'sent', 'set', 'shown', 'sold'])
    .concat(['spent', 'split', 'taken', 'told', 'withdrawn', 'won', 'written']),
);
/** What a table may not be called, in one of the databases or the other. */
const KEPT_FOR_SQL = new Set(['groups', 'keys', 'rows', 'values', 'references', 'databases', 'schemas', 'columns']);

/** What no variable may be called, and what a class may not be called beside what its file imports. */
const KEPT_FOR_VARIABLES = new Set(
  (
    'await break case class const continue default delete do else enum export extends false finally for function if ' +
    'import in interface let new null package private protected public return static super switch this throw true try ' +
    'typeof var void while with yield'
  ).split(' '),
);
const KEPT_FOR_CLASSES = new Set(
  (
    'array body column command controller date delivery entity error event get map module number object page param post ' +
    'problem promise query repository res scenario set string symbol'
  ).split(' '),
);

const isParticiple = (word: string): boolean => /[a-z]{2}ed$/.test(word) || NOT_IN_ED.has(word);
const capital = (word: string): string => word[0].toUpperCase() + word.slice(1);

export const pascal = (kebab: string): string => kebab.split('-').map(capital).join('');
export const camel = (kebab: string): string => pascal(kebab).replace(/^./, (letter) => letter.toLowerCase());
export const snake = (kebab: string): string => kebab.replaceAll('-', '_');
export const inWords = (kebab: string): string => kebab.replaceAll(/[-_]/g, ' ');
export const sentence = (words: string): string => capital(words);
/** As the Nest CLI does it: `WriteSupplier` is `write-supplier`. */
export const kebab = (name: string): string => name.replaceAll(/([a-z\d])([A-Z])/g, '$1-$2').toLowerCase();
export const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${inWords(noun)}`;

/** `suppliers` → `supplier`, `categories` → `category`, `boxes` → `box`. */
function singular(plural: string): string {
  if (plural.endsWith('ies')) return plural.replace(/ies$/, 'y');
  return plural.replace(/(ss|x|z|ch|sh)es$/, '$1').replace(/([^s])s$/, '$1');
}

/** A module: what it is called, and what one of those things is that it keeps. */
export interface ModuleName {
  /** `suppliers` */
  name: string;
  /** `supplier` */
  noun: string;
  /** `Supplier` */
  entity: string;
}

export function moduleName(given: string): ModuleName {
  const name = mustBeKebab(kebab(given), 'module', 'suppliers');
  if (!name.endsWith('s') || singular(name) === name) {
    throw new Refused(`A module is named by the plural of what it keeps, like suppliers. ${name} is no plural.`);
  }
  if (KEPT_FOR_SQL.has(name)) {
    throw new Refused(`The table of a module has its name, and ${name} is a word of SQL. Take another one.`);
  }
  const noun = singular(name);
  if (KEPT_FOR_VARIABLES.has(noun) || KEPT_FOR_CLASSES.has(noun)) {
    throw new Refused(
      `One of ${name} is ${withArticle(noun)}, and TypeScript or Nest has that word for itself. Take another one.`,
    );
  }
  return namedBy(name);
}

/** What a folder is called that is there, be it a name of a module or not. */
export function namedBy(name: string): ModuleName {
  const noun = singular(name);
  return { name, noun, entity: pascal(noun) };
}

/** `suppliers/write-supplier`: in which module, and which slice of it. */
export function sliceName(given: string, kind: string, example: string): { module: ModuleName; name: string } {
  const [module, name, ...more] = given.split('/');
  if (!name || more.length > 0) {
    throw new Refused(`Say the module and the ${kind}: suppliers/${example}. ${given} is not that.`);
  }
  return { module: moduleName(module), name: mustBeKebab(kebab(name), kind, example) };
}

export function mustBeKebab(name: string, kind: string, example: string): string {
  const ending = new RegExp(`-(${kind}|handler|dto)$`).exec(name)?.[1];
  if (ending) {
    throw new Refused(
      `${name} says twice what it is: leave "-${ending}" out. Where it stands says that it is ${withArticle(kind)}.`,
    );
  }
  if (KEBAB.test(name)) return name;
  throw new Refused(
    `${JSON.stringify(name)} can not name ${withArticle(kind)}: words of small letters with hyphens between them, like ${example}.`,
  );
}

export type Doing = 'write' | 'add' | 'delete';

/** A command is verb + noun. */
export function mustBeCommand(name: string, { noun }: ModuleName): Doing {
  const [verb, ...rest] = name.split('-');
  const object = rest.join('-');
  if (rest.length > 0 && isParticiple(rest.at(-1)!)) {
    throw new Refused(
      `A command says what to do, verb + noun, like write-${noun}. ${name} is what happened: an event.`,
    );
  }
  if (object !== noun) {
    throw new Refused(
      `A command of this module is verb + noun, and its noun is ${noun}: write-${noun}. ${name} is not.`,
    );
  }
  if (verb === 'write' || verb === 'add' || verb === 'delete') return verb;
  throw new Refused(
    `Of commands, write-${noun}, add-${noun} and delete-${noun} can be scaffolded. What ${verb}-${noun} does to the rows ` +
      'only you know: begin with one of those.',
  );
}

/** A query reads one, or lists them. */
export function mustBeQuery(name: string, { noun, name: plural }: ModuleName): 'read' | 'list' {
  if (name === `read-${noun}`) return 'read';
  if (name === `list-${plural}`) return 'list';
  throw new Refused(
    `A query reads one, read-${noun}, or lists them in pages, list-${plural}. ${name} does neither; ` +
      'a report that events feed is a projection.',
  );
}

/** An event is noun + past participle. */
export function mustBeEvent(name: string, { noun }: ModuleName): void {
  const words = name.split('-');
  if (words.length > 1 && isParticiple(words.at(-1)!) && !isParticiple(words[0])) return;
  throw new Refused(
    `An event says what happened, noun + past participle, like ${noun}-created. ${name} does not end in a participle.`,
  );
}

/** A reaction is verb + noun, like a command. */
export function mustBeReaction(name: string, { noun }: ModuleName): void {
  const words = name.split('-');
  if (words.length > 1 && words[0] !== noun && !isParticiple(words.at(-1)!)) return;
  throw new Refused(`A reaction says what is done, verb + noun, like approve-${noun}. ${name} does not.`);
}

/** An e-mail is named by what it is, and not by what happened: its event says that. */
export function mustBeEmail(given: string): string {
  const name = mustBeKebab(given, 'email', 'supplier-approval');
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) {
    throw new Refused(
      `The name of an e-mail is in addresses and in the names of its files: letters and hyphens, not ${name}.`,
    );
  }
  if (!name.includes('-') || !isParticiple(name.split('-').at(-1)!)) return name;
  throw new Refused(`An e-mail is a noun, like supplier-approval. ${name} is what happened: its event.`);
}

/** `suppliers-by-name`: what is counted, and by which field. */
export function mustBeProjection(name: string): string {
  const [, by] = /^[a-z\d-]+-by-([a-z\d-]+)$/.exec(name) ?? [];
  if (by) return snake(by);
  throw new Refused(
    `A projection counts events by one of their fields, like suppliers-by-name. ${name} names no field.`,
  );
}
