import { relative, resolve } from 'node:path';
import type { UnitTestTree } from '@angular-devkit/schematics/testing';
import ts from 'typescript';
import { scaffold } from './scene';
import { Source } from './source';

const ROOT = resolve(__dirname, '../../..');
const STORE = 'apps/store-manager/src';
const FIELDS = 'name:string mail:email';

const SLICES: Record<string, (plural: string, noun: string) => string> = {
  read: (plural, noun) => `query ${plural}/read-${noun}`,
  list: (plural) => `query ${plural}/list-${plural}`,
  write: (plural, noun) => `command ${plural}/write-${noun} ${FIELDS}`,
  delete: (plural, noun) => `command ${plural}/delete-${noun}`,
  projection: (plural, noun) =>
    `projection ${plural}/${plural}-by-name on:${noun.replace(/^./, (one) => one.toUpperCase())}Created`,
};

/** Each in a module of its own, so that one look of the compiler is enough for all of them. */
const ORDERS: [noun: string, order: string][] = [
  ['gizmo', 'list read write delete projection'],
  ['gadget', 'list write projection'],
  ['widget', 'write list read delete'],
  ['rocket', 'write read list'],
  ['bucket', 'projection list delete write read'],
  ['basket', 'delete list write'],
  ['ticket', 'read write list projection delete'],
  ['ladder', 'list'],
];

/** What the compiler says of the files in a folder of the tree, with the settings of this repository. */
function complaintsOf(tree: UnitTestTree, folders: string[]): string[] {
  const { config } = ts.readConfigFile(resolve(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const json = { ...(config as object), files: [], include: [] };
  const { options } = ts.parseJsonConfigFileContent(json, ts.sys, ROOT);
  const host = ts.createCompilerHost({ ...options, incremental: false });
  const inTree = (path: string): string => relative(ROOT, path);
  const isOurs = (path: string): boolean => /^(apps|libs|tests)\//.test(inTree(path)) && tree.exists(inTree(path));
  const { fileExists, readFile } = host;
  host.fileExists = (path) => isOurs(path) || fileExists(path);
  host.readFile = (path) => (isOurs(path) ? tree.readText(inTree(path)) : readFile(path));
  // There are no folders but those of the tree: files are looked for in all of them.
  host.directoryExists = undefined;
  const roots = folders.flatMap((folder) => filesIn(tree, folder)).map((path) => resolve(ROOT, path));
  const program = ts.createProgram(roots, { ...options, incremental: false, noEmit: true }, host);
  return roots
    .map((path) => program.getSourceFile(path)!)
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, code, messageText }) => {
      return `${inTree(file!.fileName)} TS${code} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
}

function filesIn(tree: UnitTestTree, folder: string): string[] {
  const { subfiles, subdirs } = tree.getDir(folder);
  return [
    ...subfiles.map((file) => `${folder}/${file}`),
    ...subdirs.flatMap((one) => filesIn(tree, `${folder}/${one}`)),
  ];
}

describe('What is scaffolded compiles, in whatever order:', () => {
  let tree: UnitTestTree;
  let complaints: string[];
  beforeAll(async () => {
    const lines = ORDERS.flatMap(([noun, order]) => {
      const plural = `${noun}s`;
      const slices = order.split(' ').map((slice) => SLICES[slice](plural, noun));
      const events = ['created', 'deleted'].map((what) => `event ${plural}/${noun}-${what} ${FIELDS}`);
      return [`module ${plural} ${FIELDS}`, ...events, ...slices];
    });
    tree = await scaffold(...lines);
    complaints = complaintsOf(
      tree,
      ORDERS.map(([noun]) => `${STORE}/${noun}s`),
    );
  });

  it.each(ORDERS)('%s: %s', (noun) => {
    expect(complaints.filter((complaint) => complaint.startsWith(`${STORE}/${noun}s/`))).toEqual([]);
  });

  it('and the list of what a controller imports is the same in the end', () => {
    const hosting = (noun: string): string => {
      return /import .* from '@magasin\/hosting';/.exec(
        tree.readContent(`${STORE}/${noun}s/${noun}s.controller.ts`),
      )![0];
    };

    for (const noun of ['gizmo', 'widget', 'bucket', 'ticket']) {
      expect(hosting(noun)).toBe("import { type Page, Paged, PageQuery, ParseId, Problems } from '@magasin/hosting';");
    }
  });

  it('which the compiler does not say of everything', () => {
    const path = `${STORE}/ladders/ladders.controller.ts`;
    tree.overwrite(path, tree.readContent(path).replace('{ type Page, Paged,', 'type { Page, Paged,'));

    expect(complaintsOf(tree, [`${STORE}/ladders`])).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/ladders\.controller\.ts TS1361 'Paged' cannot be used as a value/),
      ]),
    );
  });
});

describe('A name that is imported', () => {
  const imported = (line: string, ...names: string[]): string =>
    new Source('a.ts', `${line}\n`).addImport('a', ...names).text.replace(/\s+$/, '');

  it.each([
    ["import type { B } from 'a';", ['type C'], "import type { B, C } from 'a';"],
    ["import type { B } from 'a';", ['A'], "import { A, type B } from 'a';"],
    ["import type { B, D } from 'a';", ['C', 'type E'], "import { type B, C, type D, type E } from 'a';"],
    ["import type { B } from 'a';", ['B'], "import { B } from 'a';"],
    ["import { A, type B } from 'a';", ['B'], "import { A, B } from 'a';"],
    ["import { A, B } from 'a';", ['type B'], "import { A, B } from 'a';"],
  ])('is a value or a type: %s and %j', (line, names, wanted) => {
    expect(imported(line, ...names).replace(/\{ *(.*?) *\}/, '{ $1 }')).toBe(wanted);
  });
});
