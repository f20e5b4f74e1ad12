import { Logger } from '@nestjs/common';
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString } from 'class-validator';
import { type DocumentNode, execute, GraphQLError, parse, specifiedRules, validate } from 'graphql';
import { depthLimit } from './depth-limit';
import { stockSchema } from './stock-schema';

/** What the usual tools ask to know a schema is 15 deep, and has some 250 tokens. */
const DEEPEST = 16;
const MOST_TOKENS = 1_000;
const RULES = [...specifiedRules, depthLimit(DEEPEST)];

/** An answer as the GraphQL specification has it. */
export class GraphqlAnswer {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { product: { name: 'Laptop ABC', quantity: 1000 } },
  })
  data?: Record<string, unknown> | null;

  @ApiPropertyOptional({
    type: 'array',
    items: {
      type: 'object',
      required: ['message'],
      additionalProperties: true,
      properties: { message: { type: 'string' } },
    },
    example: [{ message: 'Syntax Error: Unexpected <EOF>.', locations: [{ line: 1, column: 2 }] }],
  })
  errors?: readonly GraphQLError[];
}

export class GraphqlQuery extends Query<GraphqlAnswer> {
  @ApiProperty({ example: 'query ($id: String!) { product(id: $id) { name price quantity } }' })
  @IsString()
  query: string;

  @ApiProperty({ example: { id: '1' }, additionalProperties: true })
  @IsOptional()
  @IsObject()
  variables?: Record<string, unknown> | null;

  /** Which operation of the query is meant, when it has several. */
  @ApiProperty({ type: String, example: 'ReadProduct' })
  @IsOptional()
  @IsString()
  operationName?: string | null;
}

@QueryHandler(GraphqlQuery)
export class GraphqlQueryHandler implements IQueryHandler<GraphqlQuery> {
  private readonly logger = new Logger('graphql');

  constructor(private readonly queries: QueryBus) {}

  async execute({ query, variables, operationName }: GraphqlQuery): Promise<GraphqlAnswer> {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: MOST_TOKENS });
    } catch (error) {
      return { errors: [error as GraphQLError] };
    }
    const invalid = validate(stockSchema, document, RULES, { maxErrors: 20 });
    if (invalid.length > 0) return { errors: invalid };
    const { data, errors } = await execute({
      schema: stockSchema,
      document,
      contextValue: { queries: this.queries },
      variableValues: variables,
      operationName,
    });
    return { data, ...(errors && { errors: errors.map((error) => this.told(error)) }) };
  }

  /** What the caller may know of an error: all of those of GraphQL, of the others that there was one. */
  private told(error: GraphQLError): GraphQLError {
    const { originalError, nodes, path } = error;
    if (!originalError || originalError instanceof GraphQLError) return error;
    this.logger.error(`${path?.join('.')}: ${originalError.stack}`);
    return new GraphQLError('The server failed to answer. It was noted.', { nodes, path });
  }
}
