// For specs: the schematics on this repository, of which nothing is written.
import { resolve } from 'node:path';
import { normalize, virtualFs } from '@angular-devkit/core';
import { NodeJsSyncHost } from '@angular-devkit/core/node';
import { HostTree } from '@angular-devkit/schematics';
import { SchematicTestRunner, UnitTestTree } from '@angular-devkit/schematics/testing';

const ROOT = resolve(__dirname, '../../..');

/** The files as they are; what is written into the tree stays in it. */
const repository = (): UnitTestTree =>
  new UnitTestTree(new HostTree(new virtualFs.ScopedHost(new NodeJsSyncHost(), normalize(ROOT))));

const runner = new SchematicTestRunner('magasin', resolve(ROOT, 'libs/schematics/collection.json'));

/** A line as it is typed behind `npm run g --`, on what others have left. */
export function typeOn(tree: UnitTestTree, line: string): Promise<UnitTestTree> {
  const [schematic, name, ...words] = line.split(' ');
  return runner.runSchematic(schematic, { name, path: words.join(',') }, tree);
}

/** One line after the other, on the repository as it is. */
export async function scaffold(...lines: string[]): Promise<UnitTestTree> {
  let tree = repository();
  for (const line of lines) tree = await typeOn(tree, line);
  return tree;
}
