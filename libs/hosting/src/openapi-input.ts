import type { INestApplication, Type } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { LARGEST_QUANTITY } from './amounts';

type SchemaOptions = NonNullable<Parameters<typeof targetConstructorToSchema>[1]>;

/** The class of a list's items. Swagger describes it by itself, once it knows it. */
const PART = 'x-part';

/** What our own validators (input.ts, amounts.ts, list-of.ts, paging.ts) mean in JSON Schema; class-validator's are known. */
const additionalConverters: SchemaOptions['additionalConverters'] = {
  isId: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
  isLine: ({ constraints }) => ({
    type: 'string',
    minLength: 1,
    maxLength: (constraints as number[])[0],
    description: 'One line of text that shows something, without control characters.',
  }),
  isMailAddress: ({ constraints }) => ({ type: 'string', format: 'email', maxLength: (constraints as number[])[0] }),
  isPrice: ({ constraints }) => {
    const [atMost] = constraints as [string];
    const further = atMost.indexOf('.') - 1;
    return {
      description: `Above 0, at most ${atMost}, with at most 2 decimals: a number, or its decimal text.`,
      oneOf: [
        { type: 'number', exclusiveMinimum: 0, maximum: Number(atMost) },
        { type: 'string', pattern: String.raw`^(0|[1-9]\d{0,${further}})(\.\d{1,2})?$` },
      ],
    };
  },
  isQuantity: ({ constraints }) => ({
    type: 'integer',
    minimum: (constraints as number[])[0],
    maximum: LARGEST_QUANTITY,
  }),
  isListOf: ({ constraints }) => {
    const [part, maxItems] = constraints as [Type<object>, number];
    return { minItems: 1, maxItems, [PART]: part };
  },
  nestedValidation: {},
  isCursor: { type: 'string', description: 'The `nextCursor` of a page.' },
  // A validator of an app's own is described where it is made, by an ApiProperty.
  customValidation: {},
};

/** Tells Swagger what class-validator checks in the input of an app's routes, so that a rule is written once. */
export function describeInput(app: INestApplication): void {
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values())
      inputClasses((metatype as Type<object>).prototype).forEach(describe);
  }
}

const inputClasses = (controller: object): Type<object>[] =>
  new MetadataScanner()
    .getAllMethodNames(controller)
    .flatMap((name) => (Reflect.getMetadata('design:paramtypes', controller, name) ?? []) as Type<object>[]);

/** A field that has a value from the start may be left out: that value is its default. */
function describe(input: Type<object>): void {
  const { properties = {}, required = [] } = targetConstructorToSchema(input, { additionalConverters });
  const fields = Object.entries(properties);
  if (fields.length === 0) return;
  const initial = new input() as Record<string, unknown>;
  for (const [name, schema] of fields) {
    const options = {
      ...schema,
      ...partsIn(schema),
      default: initial[name],
      required: required.includes(name) && initial[name] === undefined,
    };
    ApiProperty(options as ApiPropertyOptions)(input.prototype as object, name);
  }
}

function partsIn(schema: object): object {
  if (!(PART in schema)) return {};
  const part = schema[PART] as Type<object>;
  describe(part);
  return { type: () => [part], items: undefined, [PART]: undefined };
}
