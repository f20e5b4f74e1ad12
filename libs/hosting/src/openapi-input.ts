import type { INestApplication, Type } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { LARGEST_QUANTITY } from './amounts';

type SchemaOptions = NonNullable<Parameters<typeof targetConstructorToSchema>[1]>;

/** What our own validators (input.ts, amounts.ts, paging.ts) mean in JSON Schema; class-validator's are known. */
const additionalConverters: SchemaOptions['additionalConverters'] = {
  isId: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
  isLine: ({ constraints }) => ({
    type: 'string',
    minLength: 1,
    maxLength: (constraints as number[])[0],
    description: 'One line of text that shows something, without control characters.',
  }),
  isMailAddress: ({ constraints }) => ({ type: 'string', format: 'email', maxLength: (constraints as number[])[0] }),
  isPrice: {
    description: 'Above 0, at most 99999999.99, with at most 2 decimals: a number, or its decimal text.',
    oneOf: [
      { type: 'number', exclusiveMinimum: 0, maximum: 99_999_999.99 },
      { type: 'string', pattern: String.raw`^(0|[1-9]\d{0,7})(\.\d{1,2})?$` },
    ],
  },
  isQuantity: ({ constraints }) => ({
    type: 'integer',
    minimum: (constraints as number[])[0],
    maximum: LARGEST_QUANTITY,
  }),
  isCursor: { type: 'string', description: 'The `nextCursor` of a page.' },
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
      default: initial[name],
      required: required.includes(name) && initial[name] === undefined,
    };
    ApiProperty(options as ApiPropertyOptions)(input.prototype as object, name);
  }
}
