// `npm run g -- command suppliers/write-supplier name:string email:email`: what the Nest CLI does with the collection of
// libs/schematics, without the Nest CLI. Nothing is written where something is refused.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { logging } from '@angular-devkit/core';
import { NodeWorkflow } from '@angular-devkit/schematics/tools/index.js';
import { lastValueFrom } from 'rxjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const COLLECTION = './libs/schematics/collection.json';
const { values, positionals } = typed();
const [schematic, name, ...words] = positionals;
const workflow = new NodeWorkflow(process.cwd(), { dryRun: values['dry-run'], resolvePaths: [process.cwd()] });
const { schematics } = workflow.engine.createCollection(COLLECTION).description;

if (!schematics[schematic] || !name) {
  const kinds = Object.entries(schematics).map(([kind, { description }]) => `  ${kind.padEnd(12)}${description}`);
  console.error(
    `npm run g -- <what> <name> [field:type…] [--dry-run]\n\n${kinds.join('\n')}\n\nMore: docs/scaffolding.md`,
  );
  process.exit(1);
}

const logger = new logging.Logger('scaffold');
const said = [];
logger.subscribe(({ message }) => said.push(message));
workflow.reporter.subscribe(({ kind, path }) => console.log(`${kind.padEnd(8)}${path.replace(/^\//, '')}`));
try {
  const options = { name, path: words.join(',') };
  await lastValueFrom(workflow.execute({ collection: COLLECTION, schematic, options, logger }), { defaultValue: null });
  for (const message of said) console.log(message);
  if (values['dry-run']) console.log('Nothing was written: a dry run.');
} catch (error) {
  // What it is refused for is meant for people; anything else is a fault of the schematic.
  console.error(error.constructor.name === 'Refused' ? error.message : error);
  process.exitCode = 1;
}

function typed() {
  try {
    const options = { 'dry-run': { type: 'boolean', short: 'd', default: false } };
    return parseArgs({ allowPositionals: true, options });
  } catch ({ message }) {
    console.error(message);
    return process.exit(1);
  }
}
