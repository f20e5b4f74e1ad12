import { controllerName, controllerOf, notFound, provide, request } from './controller';
import { camel, inWords, type ModuleName, mustBeQuery, pascal, Refused, sliceName, withArticle } from './names';
import { schematic, type Slice, STORE, thereIs } from './slice';

interface QueryPlan {
  module: ModuleName;
  /** `read-supplier` */
  name: string;
  query: string;
  /** What callers see: the row, or its view where the row has cents. */
  view: string;
  rowSamples: string;
  viewSamples: string;
}

/** A query with its route: it reads rows and changes nothing. */
export const query = schematic('query', (slice, given, words) => {
  const { module, name } = sliceName(given, 'query', 'read-supplier');
  const asked = mustBeQuery(name, module);
  const folder = slice.folderOf(module);
  const path = `${folder}/queries/${name}.ts`;
  if (slice.has(path)) throw thereIs('query', [path]);
  if (words.length > 0)
    throw new Refused(`A query is told no fields, as ${words[0]} would be: it answers what the rows have.`);
  const plan = planOf(slice, module, name);
  slice.create(path, asked === 'read' ? readQuery(plan) : listQuery(plan));
  slice.create(path.replace(/ts$/, 'int.spec.ts'), asked === 'read' ? readSpec(plan) : listSpec(plan));
  provide(slice, module, `./queries/${name}`, `${plan.query}Handler`);
  if (asked === 'read') readRoute(slice, plan);
  else listRoute(slice, plan);
});

function planOf(slice: Slice, module: ModuleName, name: string): QueryPlan {
  const fields = slice.columnsOf(module);
  const view = `${module.entity}View`;
  const hasView = slice.edit(`${STORE}/${module.name}/${module.noun}.ts`).hasClass(view);
  return {
    module,
    name,
    query: pascal(name),
    view: hasView ? view : module.entity,
    rowSamples: fields.map((field) => `${field.column}: ${field.rowSample}`).join(', '),
    viewSamples: fields.map((field) => `${field.name}: ${field.sample}`).join(', '),
  };
}

function readRoute(slice: Slice, { module, name, query: className, view }: QueryPlan): void {
  const { noun, entity, name: plural } = module;
  controllerOf(slice, module, 'queries')
    .addImport('@magasin/hosting', 'ParseId', 'Problems')
    .addImport('@nestjs/common', 'Get', 'Param')
    .addImport('@nestjs/swagger', 'ApiOkResponse', 'ApiOperation')
    .addImport('./errors', notFound(slice, module))
    .addImport(`./${noun}`, view)
    .addImport(`./queries/${name}`, className)
    .addMember(
      controllerName(module),
      `@Get(':id')
      @ApiOperation({ summary: 'Read ${withArticle(noun)}' })
      @ApiOkResponse({ type: ${view} })
      @Problems(new ${entity}NotFound(6))
      read(@Param('id', ParseId) id: number): Promise<${view}> {
        return this.queries.execute(new ${className}(id));
      }`,
    );
  request(slice, module, `GET {{store}}/${plural}/1`);
}

function listRoute(slice: Slice, { module, name, query: className, view }: QueryPlan): void {
  const { noun, name: plural } = module;
  controllerOf(slice, module, 'queries')
    .addImport('@magasin/hosting', 'type Page', 'Paged', 'PageQuery')
    .addImport('@nestjs/common', 'Get', 'Query')
    .addImport('@nestjs/swagger', 'ApiOperation')
    .addImport(`./${noun}`, view)
    .addImport(`./queries/${name}`, className)
    .addMember(
      controllerName(module),
      `@Get()
      @ApiOperation({ summary: 'List the ${inWords(plural)}, by id' })
      @Paged(${view})
      list(@Query() { limit, place }: PageQuery): Promise<Page<${view}>> {
        return this.queries.execute(new ${className}(limit, place));
      }`,
    );
  request(slice, module, `GET {{store}}/${plural}?limit=50`);
}

const imported = ({ module, view }: QueryPlan): string =>
  view === module.entity ? view : `${module.entity}, type ${view}, viewOf`;

function readQuery(plan: QueryPlan): string {
  const { module, query: className, view } = plan;
  const { noun, entity, name: plural } = module;
  const variable = camel(noun);
  const repository = camel(plural);
  return `
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ${entity}NotFound } from '../errors';
import { ${imported(plan)} } from '../${noun}';

export class ${className} extends Query<${view}> {
  constructor(readonly id: number) {
    super();
  }
}

@QueryHandler(${className})
export class ${className}Handler implements IQueryHandler<${className}> {
  constructor(@InjectRepository(${entity}) private readonly ${repository}: Repository<${entity}>) {}

  async execute({ id }: ${className}): Promise<${view}> {
    const ${variable} = await this.${repository}.findOneBy({ id });
    if (!${variable}) throw new ${entity}NotFound(id);
    return ${view === entity ? variable : `viewOf(${variable})`};
  }
}
`;
}

function listQuery(plan: QueryPlan): string {
  const { module, query: className, view } = plan;
  const { noun, entity, name: plural } = module;
  const repository = camel(plural);
  return `
import { type Page, toPage } from '@magasin/hosting';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import { ${imported(plan)} } from '../${noun}';

export class ${className} extends Query<Page<${view}>> {
  constructor(
    readonly limit: number,
    /** The last id of the page before. */
    readonly after = 0,
  ) {
    super();
  }
}

@QueryHandler(${className})
export class ${className}Handler implements IQueryHandler<${className}> {
  constructor(@InjectRepository(${entity}) private readonly ${repository}: Repository<${entity}>) {}

  async execute({ limit, after }: ${className}): Promise<Page<${view}>> {
    const found = await this.${repository}.find({ where: { id: MoreThan(after) }, order: { id: 'ASC' }, take: limit + 1 });
    const page = found.slice(0, limit);
    return toPage(${view === entity ? 'page' : 'page.map(viewOf)'}, found.length > limit ? page[limit - 1].id : undefined);
  }
}
`;
}

const opened = ({ module, query: className, name, rowSamples, viewSamples }: QueryPlan, errors: string): string => `
import { onBothDatabases, Scenario } from '@magasin/event-bus/testing';
${errors}import { ${pascal(module.name)}Module } from '../index';
import { ${module.entity} } from '../${module.noun}';
import { ${className} } from './${name}';

const row = { ${rowSamples} };
const seen = ${rowSamples === viewSamples ? 'row' : `{ ${viewSamples} }`};

onBothDatabases('${className}', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [${pascal(module.name)}Module] }, undefined, databases)));
  afterEach(() => scenario.end());
`;

const readSpec = (
  plan: QueryPlan,
): string => `${opened(plan, `import { ${plan.module.entity}NotFound } from '../errors';\n`)}
  it('reads ${withArticle(plan.module.noun)}', async () => {
    await scenario
      .givenRows(${plan.module.entity}, { id: 6, ...row })
      .when(new ${plan.query}(6))
      .thenAnswers({ id: 6, ...seen });
  });

  it('refuses an id that nobody has', async () => {
    await scenario.when(new ${plan.query}(6)).thenRefused(${plan.module.entity}NotFound);
  });
});
`;

const listSpec = (plan: QueryPlan): string => `${opened(plan, '')}
  it('lists them by id, in pages', async () => {
    await scenario
      .givenRows(${plan.module.entity}, { id: 2, ...row }, { id: 1, ...row }, { id: 3, ...row })
      .when(new ${plan.query}(2))
      .thenAnswers({
        items: [
          { id: 1, ...seen },
          { id: 2, ...seen },
        ],
        nextCursor: 'Mg',
      });
    await scenario.when(new ${plan.query}(2, 2)).thenAnswers({ items: [{ id: 3, ...seen }], nextCursor: null });
  });
});
`;
