import { applyDecorators, type Type, UseInterceptors } from '@nestjs/common';
import { ApiExtension, ApiExtraModels, ApiOkResponse, type ApiResponseMetadata, getSchemaPath } from '@nestjs/swagger';
import { NextLink } from './paging';
import { type Problem, refusalOf } from './problem';

export const PROBLEMS = 'x-problems';

/**
 * The rules that a route's requests may break, each with an example: `@Problems(new UserNotFound(7))`. What any route
 * may answer (input that is wrong, a database that is away) is documented without it.
 */
export const Problems = (...examples: Problem[]): MethodDecorator =>
  ApiExtension(
    PROBLEMS,
    examples.map((example) => refusalOf(example, '')),
  );

/**
 * A list in pages: documents it, and links each page to the next.
 * @param types further types that the caller may ask for
 */
export const Paged = (item: Type<unknown>, types: NonNullable<ApiResponseMetadata['content']> = {}): MethodDecorator =>
  applyDecorators(
    UseInterceptors(NextLink),
    ApiExtraModels(item),
    ApiOkResponse({
      description: 'A page of the list.',
      headers: { Link: { description: 'The next page: `<…>; rel="next"`.', schema: { type: 'string' } } },
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['items', 'nextCursor'],
            properties: {
              items: { type: 'array', items: { $ref: getSchemaPath(item) } },
              nextCursor: {
                type: 'string',
                nullable: true,
                description: 'For the next page; null on the last one.',
                example: 'NTA',
              },
            },
          },
        },
        ...types,
      },
    }),
  );
