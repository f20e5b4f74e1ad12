import { LogUnavailable } from '@magasin/event-log';
import { HttpException } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { IdempotencyKeyInUse, IdempotencyKeyReused, InvalidIdempotencyKey } from './idempotency-key';
import { ParseId } from './input';
import { PROBLEMS } from './openapi-decorators';
import { InvalidInput, type Refusal, refusalOf } from './problem';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & Record<`x-${string}`, unknown>;

const text = (description: string) => ({ type: 'string', description });

/** RFC 9457. A problem may have members of its own beside these. */
export const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'error'],
  properties: {
    type: text('What broke, to switch on: `urn:magasin:…`, or `about:blank` when the status says it all.'),
    title: text('The type in words.'),
    status: { type: 'integer' },
    detail: text('What is wrong with this request, in a sentence.'),
    instance: text('The path that was asked.'),
    error: text('The same as `detail`.'),
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail', 'pointer'],
        properties: { detail: text('What is wrong with the field.'), pointer: text('Where: `#/items/0/quantity`.') },
      },
    },
  },
};

/** Adds to an operation every refusal that it may answer: its own and those that its method and its input bring. */
export function documentProblems(operation: Operation, method: string, path: string): void {
  const refusals = [...((operation[PROBLEMS] as Refusal[]) ?? []), ...usualRefusals(operation, method, path)];
  delete operation[PROBLEMS];
  for (const [status, group] of Map.groupBy(refusals, ({ document }) => document.status)) {
    operation.responses[status] = responseOf(group, path);
  }
}

function usualRefusals(operation: Operation, method: string, path: string): Refusal[] {
  const errors: unknown[] = inputErrors(operation);
  if (path.includes('{')) {
    errors.push(
      new HttpException(`'${path.replace(/\{\w+\}/, '%')}' is not a valid url component`, 400),
      new HttpException(`'${path.replace(/\{\w+\}/, '1111…')}' is exceeding the max param length`, 414),
    );
  }
  if (method !== 'get') {
    // A body may come with any of these methods, wanted or not.
    errors.push(
      new HttpException("Body is not valid JSON but content-type is set to 'application/json'", 400),
      new HttpException('Request body is too large', 413),
      new HttpException('Unsupported Media Type', 415),
    );
  }
  if (method !== 'get') errors.push(new LogUnavailable('away'));
  if (takesKey(operation, method)) {
    errors.push(new InvalidIdempotencyKey(), new IdempotencyKeyReused('8e03978e'), new IdempotencyKeyInUse('8e03978e'));
  }
  return errors.map((error) => refusalOf(error, ''));
}

export const takesKey = (operation: Operation, method: string): boolean =>
  method === 'post' && operation['x-takes-no-key'] === undefined;

/** Examples of what the pipes say. */
function inputErrors({ parameters = [], requestBody }: Operation): InvalidInput[] {
  const names = parameters.flatMap((parameter) => ('name' in parameter ? [parameter.name] : []));
  if (requestBody) return [new InvalidInput([{ detail: 'The body must be a JSON object.', pointer: '#' }])];
  if (names.includes('limit'))
    return [new InvalidInput([{ detail: 'limit must not be greater than 500', pointer: '#/limit' }])];
  if (names.length === 0) return [];
  try {
    new ParseId().transform('x');
  } catch (error) {
    return [error as InvalidInput];
  }
  return [];
}

function responseOf(refusals: Refusal[], path: string) {
  const documents = refusals.map(({ document }) => ({ ...document, instance: path }));
  const byType = new Map(documents.map((document) => [document.type, document]));
  const titles = new Set(documents.map(({ title }) => title));
  const headers = Object.keys(Object.assign({}, ...refusals.map((refusal) => refusal.headers)));
  return {
    description: `${[...titles].join('; ')}.`,
    ...(headers.length > 0 && {
      headers: Object.fromEntries(headers.map((name) => [name, { schema: { type: 'string' as const } }])),
    }),
    content: {
      'application/problem+json': {
        schema: {
          $ref: '#/components/schemas/Problem',
          properties: { type: { enum: [...byType.keys()] } },
        },
        examples: Object.fromEntries(
          [...byType.values()].map((value) => [nameOf(value), { summary: value.title, value }]),
        ),
      },
    },
  };
}

const nameOf = ({ type, title }: Refusal['document']): string =>
  type === 'about:blank' ? title.toLowerCase().replaceAll(' ', '-') : type.split(':').at(-1)!;
