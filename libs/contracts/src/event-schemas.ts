import { targetConstructorToSchema } from 'class-validator-jsonschema';
import type { EventType } from './domain-event';

/** A JSON Schema of draft 07, which is what AsyncAPI takes. */
export type JsonSchema = Record<string, unknown>;

type Converters = NonNullable<Parameters<typeof targetConstructorToSchema>[1]>['additionalConverters'];

/** What our own validators mean in JSON Schema; class-validator's are known. Classes that lists consist of go to `parts`. */
const converters = (parts: Map<string, JsonSchema>) =>
  ({
    isAmount: { type: 'string', pattern: String.raw`^(0|[1-9]\d{0,9})\.\d\d$` },
    isIdOrNull: { type: ['integer', 'null'], minimum: 1 },
    isUrl: { type: 'string', format: 'uri', pattern: '^https?://' },
    isListOf: ({ constraints }: { constraints?: unknown[] }) => {
      const [part] = constraints as [new () => object];
      parts.set(part.name, targetConstructorToSchema(part, { additionalConverters: converters(parts) }) as JsonSchema);
      return { type: 'array', minItems: 1, items: { $ref: `#/components/schemas/${part.name}` } };
    },
    // The types of OpenAPI 3.0, which this converter has, do not know that JSON Schema has several types at once.
  }) as Converters;

/** The schemas of the payloads by the names of their types, and those of their parts. Fields may be added: any others pass. */
export function schemasOf(types: EventType[]): Record<string, JsonSchema> {
  const parts = new Map<string, JsonSchema>();
  const additionalConverters = converters(parts);
  const payloads = types.map(({ name, eventClass }) => {
    const { properties, required = [] } = targetConstructorToSchema(eventClass, { additionalConverters });
    const datetime = { type: 'string', description: 'When it was recorded: local time of the shop, as text.' };
    const schema: JsonSchema = {
      type: 'object',
      properties: { event: { type: 'string', const: name }, ...properties, datetime },
      required: ['event', ...required],
    };
    return [name, schema] as const;
  });
  return Object.fromEntries([...payloads, ...parts]);
}
