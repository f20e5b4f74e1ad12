// The parts of the reference that the code knows best: settings, events and metrics as Markdown. `npm run openapi` writes them.
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const ROOT = join(import.meta.dirname, '..');

const generated = (from) => `<!-- Written by \`npm run openapi\` from ${from}. Do not edit it here. -->\n`;
const cellOf = (text) => (text.startsWith('`') ? text : text.replaceAll('<', '\\<')).replaceAll('|', '\\|');
const row = (cells) => `| ${cells.map((cell) => cellOf(String(cell))).join(' | ')} |`;
const table = (titles, rows) => [row(titles), row(titles.map(() => '-')), ...rows.map(row)].join('\n');
const code = (text) => (text === '' ? '' : `\`${text}\``);

/** Every setting: its line in .env.example, who reads it, and what its class accepts. */
export function settingsDocument() {
  const { validateSync } = require('class-validator');
  const classes = globSync('dist/apps/*/src/settings.js', { cwd: ROOT })
    .sort()
    .flatMap((file) =>
      Object.entries(require(join(ROOT, file)))
        .filter(([name]) => name.endsWith('Settings'))
        .map(([, settings]) => ({ app: file.split('/')[2], settings })),
    );
  const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
  const rows = [...example.matchAll(/^# (.+)\n(# )?([A-Z_]+)=(.*)$/gm)].map(([, about, off, name, value]) => {
    const readers = classes.filter(({ settings }) => Object.hasOwn(new settings(), name));
    const [{ settings }] = readers;
    const apps = readers.map(({ app }) => (app === 'magasin' ? 'every process' : app));
    return [code(name), code(off ? '' : value), about, accepted(validateSync, new settings(), name), apps.join(', ')];
  });
  return `${generated('the classes of the settings and .env.example')}
# Settings

Read once, at the start, from the environment and then from \`.env\`. A wrong one is told by its name, with what is accepted, and
nothing starts. [.env.example](../.env.example) has all of them, to be copied.

${table(['setting', 'default', 'what it is', 'accepted', 'read by'], rows)}
`;
}

/** What is said of a value that nothing accepts. */
function accepted(validateSync, settings, name) {
  settings[name] = typeof settings[name] === 'number' ? NaN : '\n';
  const found = validateSync(settings).find(({ property }) => property === name);
  const messages = Object.values(found?.constraints ?? {});
  const limit = (pattern) => messages.map((message) => pattern.exec(message)?.[1]).find(Boolean);
  if (messages.some((message) => /integer/.test(message))) {
    const [least, most] = [limit(/less than (\d+)/), limit(/greater than (\d+)/)];
    return `a whole number${least ? ` from ${least}` : ''}${most ? ` to ${most}` : ''}`;
  }
  const said = messages.map((message) => /^accepted (?:is|are) (.+)$/.exec(message)?.[1]).find(Boolean);
  return said ?? (messages.some((message) => /mail/.test(message)) ? 'an e-mail address' : 'text');
}

const typeOf = ({ $ref, type, items, enum: values, const: only }) => {
  if ($ref) return $ref.split('/').at(-1);
  if (items) return `list of ${typeOf(items)}`;
  if (only) return code(JSON.stringify(only));
  if (values) return values.map((value) => code(JSON.stringify(value))).join(' or ');
  return [type].flat().join(' or ');
};

/** Every event by its topic: what it means, its fields, and an example; then the headers. */
export function eventsDocument({ channels, operations, components: { messages, schemas } }) {
  const fields = ({ properties, required = [] }, sample = {}) =>
    table(
      ['field', 'type', 'always', 'example'],
      Object.entries(properties).map(([name, schema]) => [
        code(name),
        typeOf(schema),
        required.includes(name) ? 'yes' : 'no',
        sample[name] === undefined || schema.items ? '' : code(JSON.stringify(sample[name])),
      ]),
    );
  const eventOf = (name) => {
    const { summary, examples, bindings } = messages[name];
    const [{ payload }] = examples;
    return `### ${name}\n\n${summary} Key and stream: \`${bindings.kafka.key.examples[0]}\`.\n\n${fields(schemas[name], payload)}\n`;
  };
  const topics = Object.entries(channels).map(
    ([topic, { description, messages: published, bindings }]) =>
      `## ${topic}\n\n${description} ${operations[`send-${topic}`].summary} ${bindings.kafka.partitions} partitions.\n\n` +
      Object.keys(published).map(eventOf).join('\n'),
  );
  const lines = schemas.OrderLine;
  const headers = Object.entries(schemas.CloudEvent.properties).map(([name, { description, const: only }]) => [
    code(name),
    schemas.CloudEvent.required.includes(name) ? 'yes' : 'no',
    description ?? `Always ${code(only)}.`,
  ]);
  return `${generated('the contracts, libs/contracts')}
# Events

The value of a message is flat JSON; all else is in its headers. Fields and types may be added, so ignore what you do not know; none
is renamed, removed or narrowed. The same for machines: [asyncapi.json](asyncapi.json), served at \`/asyncapi\` of the store.
How to take them: [a consumer in another language](consumer-in-another-language.md).

${topics.join('\n')}
## OrderLine

${fields(lines, { product_id: 1, name: 'Laptop ABC', quantity: 2, unit_price: '1999.99' })}

## Headers

A CloudEvent 1.0 in Kafka's binary mode. Every value is text.

${table(['header', 'always', 'what it is'], headers)}
`;
}

/** What prom-client brings to every Node program, which it documents itself. */
const OF_NODE = /^(process|nodejs)_/;

/** @param scrapes the text of /metrics by the name of its app */
export function metricsDocument(scrapes) {
  const metrics = new Map();
  for (const [app, text] of Object.entries(scrapes)) {
    for (const [, name, help, type] of text.matchAll(/^# HELP (\S+) (.+)\n# TYPE \S+ (\S+)$/gm)) {
      if (OF_NODE.test(name)) continue;
      const known = metrics.get(name) ?? { help, type, apps: [], labels: new Set() };
      known.apps.push(app);
      for (const [, labels] of text.matchAll(new RegExp(`^${name}(?:_count|_sum|_bucket)?\\{(.+)\\}`, 'gm'))) {
        for (const [, label] of labels.matchAll(/(\w+)=/g)) if (label !== 'le') known.labels.add(label);
      }
      metrics.set(name, known);
    }
  }
  const everyApp = Object.keys(scrapes).length;
  const rows = [...metrics]
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([name, { help, type, apps, labels }]) => [
      code(name),
      type,
      [...labels].map(code).join(', '),
      help,
      apps.length === everyApp ? 'each' : apps.join(', '),
    ]);
  return `${generated('what the apps of the shop serve at /metrics')}
# Metrics

What \`GET /metrics\` of each app serves, beside the \`process_…\` and \`nodejs_…\` of
[prom-client](https://github.com/siimon/prom-client#default-metrics). When to be alarmed: [observe.md](observe.md#metrics).

${table(['metric', 'type', 'labels', 'what it is', 'app'], rows)}
`;
}
