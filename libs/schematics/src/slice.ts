import type { Rule, SchematicContext, Tree } from '@angular-devkit/schematics';
import { format, resolveConfig } from 'prettier';
import { type Field, fieldOfColumn, fieldOfFact } from './fields';
import { kebab, type ModuleName, namedBy, Refused } from './names';
import { Source } from './source';

/** What the Nest CLI, or `npm run g`, hands over. */
export interface Options {
  name: string;
  /** The Nest CLI has three places for words; what does not fit the others is here, with commas between. */
  path?: string;
}

const CONTRACTS = 'libs/contracts/src';
export const STORE = 'apps/store-manager/src';
export const EMAILS = 'apps/coolriel/src/emails';

/** An event that is declared, and where. */
export interface DeclaredEvent {
  name: string;
  fields: Field[];
  /** Those of which the scaffold knows no sample. */
  others: string[];
}

/** One slice being written: new files, edits of others, and what is left to be done by hand. All of it, or nothing. */
export class Slice {
  private readonly created = new Map<string, Source>();
  private readonly edited = new Map<string, Source>();
  readonly nextSteps: string[] = [];

  constructor(private readonly tree: Tree) {}

  has(path: string): boolean {
    return this.created.has(path) || this.tree.exists(path);
  }

  create(path: string, text: string): void {
    this.created.set(path, new Source(path, text));
  }

  edit(path: string): Source {
    const known = this.created.get(path) ?? this.edited.get(path);
    if (known) return known;
    if (!this.tree.exists(path)) throw new Refused(`There is no ${path} to add to.`);
    const source = new Source(path, this.tree.readText(path));
    this.edited.set(path, source);
    return source;
  }

  /** Where the files of a module are. @throws Refused when there is no such module */
  folderOf(module: ModuleName): string {
    const folder = `${STORE}/${module.name}`;
    if (this.has(`${folder}/${module.name}.module.ts`)) return folder;
    throw new Refused(
      `There is no module ${module.name} in the store. First: npm run g -- module ${module.name} name:string`,
    );
  }

  /** What the rows of a module have besides their id, by its entity. */
  columnsOf(module: ModuleName): Field[] {
    const path = `${this.folderOf(module)}/${module.noun}.ts`;
    if (!this.has(path)) throw new Refused(`The module ${module.name} has no entity ${module.entity}: no ${path}.`);
    const entity = this.edit(path);
    const view = `${module.entity}View`;
    const seen = entity.hasClass(view) ? entity.fieldsOf(view) : [];
    const schema = `${this.folderOf(module)}/schema.ts`;
    const tables = this.has(schema) ? this.edit(schema).text : '';
    return entity
      .fieldsOf(module.entity)
      .filter(({ name }) => name !== 'id')
      .map(({ name, decorators }) => {
        const [, longest] = new RegExp(`\\b${name} VARCHAR\\((\\d+)\\)`).exec(tables) ?? [];
        return fieldOfColumn(name, decorators, seen, longest === undefined ? undefined : Number(longest));
      });
  }

  /** @throws Refused when a module of an app has such a table */
  mustBeFree(table: string): void {
    for (const app of this.tree.getDir('apps').subdirs) {
      const modules = this.tree.getDir(`apps/${app}/src`);
      for (const name of modules.subdirs) {
        const path = `apps/${app}/src/${name}/schema.ts`;
        if (!this.tree.exists(path) || !this.tree.readText(path).includes(`CREATE TABLE ${table} (`)) continue;
        throw new Refused(`There is a table ${table} already, in apps/${app}/src/${name}. Take another name.`);
      }
    }
  }

  hasEvent(name: string): boolean {
    return this.fileOfEvent(name) !== undefined;
  }

  /** @throws Refused when no event of that name is declared in the contracts */
  event(name: string): DeclaredEvent {
    const path = this.fileOfEvent(name);
    if (!path) {
      throw new Refused(`There is no event ${name} in ${CONTRACTS}. First: npm run g -- ${this.declaring(name)}`);
    }
    const facts = this.edit(path).fieldsOf(name);
    const known = facts.map(({ name: field, decorators }) => ({ field, as: fieldOfFact(field, decorators) }));
    return {
      name,
      fields: known.flatMap(({ as }) => as ?? []),
      others: known.flatMap(({ field, as }) => (as ? [] : [field])),
    };
  }

  /** Writes it into the tree, formatted. @throws Refused when some of it is there */
  async write(kind: string): Promise<void> {
    const there = [...this.created.keys()].filter((path) => this.tree.exists(path));
    if (there.length > 0) throw thereIs(kind, there);
    for (const [path, { text }] of this.created) this.tree.create(path, await formatted(path, text));
    for (const [path, { text }] of this.edited) {
      if (text === this.tree.readText(path)) continue;
      this.tree.overwrite(path, await formatted(path, text));
    }
  }

  /** What would declare the event, as far as its name says of which module it is. */
  private declaring(event: string): string {
    const name = kebab(event);
    const module = this.modules.find(({ noun }) => name.startsWith(`${noun}-`));
    if (!module) return `event …/${name}, with its fields.`;
    // What all events of a module say need not be said again.
    const said = this.has(`${CONTRACTS}/${module.noun}-events.ts`) ? [] : this.columnsOf(module);
    return [`event ${module.name}/${name}`, ...said.map(({ written }) => written)].join(' ');
  }

  /** Those of the store that keep what they are called by; the longest names first. */
  private get modules(): ModuleName[] {
    const { subdirs } = this.tree.getDir(STORE);
    return subdirs
      .map((name) => namedBy(name))
      .filter(({ name, noun }) => noun !== name && this.has(`${STORE}/${name}/${noun}.ts`))
      .toSorted((one, other) => other.noun.length - one.noun.length);
  }

  private fileOfEvent(name: string): string | undefined {
    const { subfiles } = this.tree.getDir(CONTRACTS);
    return subfiles
      .filter((file) => file.endsWith('-events.ts'))
      .map((file) => `${CONTRACTS}/${file}`)
      .find((path) => this.edit(path).hasClass(name));
  }
}

export const thereIs = (kind: string, what: string[]): Refused =>
  new Refused(
    `This ${kind} is there already:\n${what.map((one) => `  ${one}`).join('\n')}\n` +
      'Nothing was written. Take another name, or delete it first.',
  );

/** The style of this repository: of the text, wherever the schematic is run. */
async function formatted(path: string, text: string): Promise<string> {
  if (path.endsWith('.http')) return text;
  return format(text, { ...(await resolveConfig(`${process.cwd()}/${path}`)), filepath: path });
}

/** A schematic, as the Nest CLI knows them. */
export const schematic =
  (kind: string, plan: (slice: Slice, name: string, words: string[]) => void) =>
  ({ name, path }: Options): Rule =>
  async (tree: Tree, context: SchematicContext) => {
    const slice = new Slice(tree);
    const words = (path ?? '').split(/[\s,]+/).filter((word) => word !== '');
    plan(slice, name, words);
    await slice.write(kind);
    for (const step of slice.nextSteps) context.logger.info(`next: ${step}`);
  };
