import { type ModuleName, pascal } from './names';
import { type Slice, STORE } from './slice';
import type { Source } from './source';

/** The controller of a module, made when it has none, that speaks to the bus of commands or to that of queries. */
export function controllerOf(slice: Slice, module: ModuleName, bus: 'commands' | 'queries'): Source {
  const className = controllerName(module);
  const path = `${STORE}/${module.name}/${module.name}.controller.ts`;
  if (!slice.has(path)) {
    slice.create(path, controllerFile(module));
    slice
      .edit(`${STORE}/${module.name}/${module.name}.module.ts`)
      .addImport(`./${module.name}.controller`, className)
      .addToDecorator(`${pascal(module.name)}Module`, 'controllers', className);
  }
  const controller = slice.edit(path);
  const type = bus === 'commands' ? 'CommandBus' : 'QueryBus';
  return controller.addImport('@nestjs/cqrs', type).addParameter(className, bus, `private readonly ${bus}: ${type}`);
}

export const controllerName = ({ name }: ModuleName): string => `${pascal(name)}Controller`;

const controllerFile = (module: ModuleName): string => `
import { Controller } from '@nestjs/common';

@Controller('${module.name}')
export class ${controllerName(module)} {
}
`;

/** A handler is known to its module. */
export function provide(slice: Slice, { name }: ModuleName, path: string, ...classNames: string[]): void {
  const module = slice.edit(`${STORE}/${name}/${name}.module.ts`);
  for (const className of classNames) {
    module.addImport(path, className).addToDecorator(`${pascal(name)}Module`, 'providers', className);
  }
}

/** For those who try it in their editor; a test holds the file to the routes that there are. */
export function request(slice: Slice, module: ModuleName, line: string, body?: string): void {
  const file = slice.edit('requests/store.http');
  const title = `### ${pascal(module.name)}`;
  const headers = 'Content-Type: application/json\nIdempotency-Key: "{{$guid}}"\n\n';
  const block = `${line}\n${body === undefined ? '' : headers + body + '\n'}`;
  file.text = `${file.text.trimEnd()}\n\n${file.text.includes(`${title}\n`) ? '###' : `${title}\n`}\n${block}`;
  if (!line.startsWith('GET')) {
    slice.nextSteps.push('tests/fuzz/effects.ts, where it is said what each accepted request does');
  }
  slice.nextSteps.push('npm run openapi, which writes the route into docs/openapi/store-manager.json');
}

/** `SupplierNotFound`, in the errors of the module. */
export function notFound(slice: Slice, { name, noun, entity }: ModuleName): string {
  const path = `${STORE}/${name}/errors.ts`;
  const error = `${entity}NotFound`;
  const code = `
export class ${error} extends Problem {
  readonly status = 404;

  constructor(id: number, members?: Record<string, unknown>) {
    super(\`There is no ${noun.replaceAll('-', ' ')} \${id}.\`, members);
  }
}
`;
  if (!slice.has(path)) slice.create(path, `import { Problem } from '@magasin/hosting';\n${code}`);
  else if (!slice.edit(path).hasClass(error)) slice.edit(path).addImport('@magasin/hosting', 'Problem').addLine(code);
  return error;
}
