import { controllerName, controllerOf, notFound, provide, request } from './controller';
import { type Field, fieldsOf } from './fields';
import { inWords, type ModuleName, mustBeCommand, pascal, Refused, sliceName, snake, withArticle } from './names';
import { deleteCommand, deleteSpec } from './command.delete';
import { writeCommand, writeSpec } from './command.write';
import { type DeclaredEvent, schematic, type Slice, STORE, thereIs } from './slice';

export interface CommandPlan {
  module: ModuleName;
  /** `write-supplier` */
  name: string;
  /** `WriteSupplier` */
  command: string;
  /** `SupplierCreated` */
  event: string;
  fields: Field[];
}

const DONE = { write: 'Written', add: 'Added', delete: 'IsDeleted' };

/** A command with its route: it changes rows and records its event in one unit of work. */
export const command = schematic('command', (slice, given, words) => {
  const { module, name } = sliceName(given, 'command', 'write-supplier');
  const doing = mustBeCommand(name, module);
  const folder = slice.folderOf(module);
  const path = `${folder}/commands/${name}.ts`;
  if (slice.has(path)) throw thereIs('command', [path]);
  if (doing !== 'delete') mustBeOnlyPost(slice, module, doing);
  const event = `${module.entity}${doing === 'delete' ? 'Deleted' : 'Created'}`;
  const declared = slice.event(event);
  const fields = doing === 'delete' ? declared.fields.filter(({ name: field }) => field !== 'id') : fieldsOf(words);
  if (doing === 'delete' && words.length > 0) throw new Refused(`${name} is told an id, and no fields.`);
  const plan = { module, name, command: pascal(name), event, fields };
  mustFit(slice, plan, declared);
  slice.create(path, doing === 'delete' ? deleteCommand(plan) : writeCommand(plan, DONE[doing]));
  slice.create(path.replace(/ts$/, 'int.spec.ts'), doing === 'delete' ? deleteSpec(plan) : writeSpec(plan));
  provide(slice, module, `./commands/${name}`, `${plan.command}Handler`);
  if (doing === 'delete') deleteRoute(slice, plan);
  else writeRoute(slice, plan, DONE[doing]);
});

/** `write-` and `add-` make a row by the same route: with both of them the shop would not start. */
function mustBeOnlyPost(slice: Slice, { name, noun }: ModuleName, doing: 'write' | 'add'): void {
  const other = `${doing === 'write' ? 'add' : 'write'}-${noun}`;
  const path = `${STORE}/${name}/commands/${other}.ts`;
  if (!slice.has(path)) return;
  throw new Refused(
    `POST /${name} is there already, as the route of the command ${other}:\n  ${path}\n` +
      'Nothing was written. Change that one, or delete it first.',
  );
}

/** What a command is told, what the row has and what its event says are the same fields. */
function mustFit(slice: Slice, { module, name, fields }: CommandPlan, declared: DeclaredEvent): void {
  // Whether a text is an address, and a number an id, the event says better than the row.
  const columns = slice.columnsOf(module).map((column) => declared.fields.find((fact) => fits(fact, column)) ?? column);
  const has = `${module.entity} has ${columns.map(({ written }) => written).join(', ')}.`;
  const meant = (column: Field): Field | undefined =>
    fields.find((field) => field.column === column.column || field.name === column.name);
  const missing = columns.filter((column) => !meant(column)).map(({ written }) => written);
  const others = columns.flatMap((column) => {
    const field = meant(column);
    return field && !(field.name === column.name && fits(field, column))
      ? [`${column.written} instead of ${field.written}`]
      : [];
  });
  const say = name.startsWith('delete-') ? `In ${declared.name}, say` : 'Say';
  if (missing.length > 0) throw new Refused(`${has} ${say} also: ${[...missing, ...others].join(', ')}.`);
  if (others.length > 0) throw new Refused(`${has} ${say} ${others.join(', ')}.`);
  const unknown = fields.filter((field) => !columns.some((column) => fits(field, column)));
  if (unknown.length > 0) {
    throw new Refused(
      `${module.entity} has no ${unknown.map((field) => field.name).join(', ')}, only ` +
        `${columns.map(({ written }) => written).join(', ')}. Add it there first.`,
    );
  }
  mustTell(fields, declared);
}

const fits = (field: Field, column: Field): boolean =>
  field.column === column.column && field.columnType === column.columnType;

/** An address is a text too, and the id of a row a whole number. */
const IS_ALSO: Record<string, string> = { email: 'string', id: 'int' };

function mustTell(fields: Field[], declared: DeclaredEvent): void {
  const told = [...fields.map(({ name }) => name), 'id'];
  const facts = [...declared.fields.map(({ name }) => name), ...declared.others];
  const strange = facts.filter((fact) => !told.includes(fact));
  const untold = told.filter((field) => !facts.includes(field));
  if (strange.length > 0)
    throw new Refused(`${declared.name} says ${strange.join(', ')}, which nobody tells the command.`);
  if (untold.length > 0)
    throw new Refused(`${declared.name} does not say ${untold.join(', ')}. Add it to the event first.`);
  for (const field of fields) {
    const fact = declared.fields.find(({ name }) => name === field.name)?.kind ?? field.kind;
    if (fact === field.kind || fact === IS_ALSO[field.kind]) continue;
    throw new Refused(`${declared.name} says ${field.name}:${fact}, and the command ${field.name}:${field.kind}.`);
  }
}

function writeRoute(slice: Slice, { module, name, command: className, fields }: CommandPlan, done: string): void {
  const { noun, name: plural, entity } = module;
  const [verb] = name.split('-');
  const answer = `${entity}${done}`;
  const controller = controllerOf(slice, module, 'commands')
    .addImport('@nestjs/common', 'Body', 'Post')
    .addImport('@nestjs/swagger', 'ApiCreatedResponse', 'ApiOperation')
    .addImport(`./commands/${name}`, className, answer);
  const operation = `@Post()\n@ApiOperation({ summary: '${pascal(verb)} ${withArticle(noun)}' })`;
  // A Location is where it is read: without a route for that it would lead nowhere.
  if (slice.has(`${STORE}/${plural}/queries/read-${noun}.ts`)) {
    const variable = done.toLowerCase();
    controller
      .addBefore(controllerName(module), locationOf(noun))
      .addImport('@nestjs/common', 'Res')
      .addImport('fastify', 'type FastifyReply')
      .addMember(
        controllerName(module),
        `${operation}
        @ApiCreatedResponse({ type: ${answer}, headers: LOCATION })
        async ${verb}(@Body() command: ${className}, @Res({ passthrough: true }) reply: FastifyReply): Promise<${answer}> {
          const ${variable} = await this.commands.execute(command);
          void reply.header('Location', \`/${plural}/\${${variable}.${snake(noun)}_id}\`);
          return ${variable};
        }`,
      );
  } else {
    controller.addMember(
      controllerName(module),
      `${operation}
      @ApiCreatedResponse({ type: ${answer} })
      ${verb}(@Body() command: ${className}): Promise<${answer}> {
        return this.commands.execute(command);
      }`,
    );
  }
  const body = fields.map((field) => `"${field.name}": ${field.sample.replaceAll("'", '"')}`).join(', ');
  request(slice, module, `POST {{store}}/${plural}`, `{ ${body} }`);
}

const locationOf = (noun: string): string =>
  `const LOCATION = { Location: { description: 'Where the ${inWords(noun)} is read.', schema: { type: 'string' as const } } };`;

function deleteRoute(slice: Slice, { module, name, command: className }: CommandPlan): void {
  const { noun, name: plural, entity } = module;
  const answer = `${entity}IsDeleted`;
  controllerOf(slice, module, 'commands')
    .addImport('@magasin/hosting', 'ParseId', 'Problems')
    .addImport('@nestjs/common', 'Delete', 'Param')
    .addImport('@nestjs/swagger', 'ApiOkResponse', 'ApiOperation')
    .addImport(`./commands/${name}`, className, answer)
    .addImport('./errors', notFound(slice, module))
    .addMember(
      controllerName(module),
      `@Delete(':id')
      @ApiOperation({ summary: 'Delete ${withArticle(noun)}' })
      @ApiOkResponse({ type: ${answer} })
      @Problems(new ${entity}NotFound(6, { deleted: false }))
      delete(@Param('id', ParseId) id: number): Promise<${answer}> {
        return this.commands.execute(new ${className}(id));
      }`,
    );
  request(slice, module, `DELETE {{store}}/${plural}/1`);
}
