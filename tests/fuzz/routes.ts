import { Documented, type OpenApi } from '../documented';

type Schema = Record<string, unknown>;
type Scalar = string | number | boolean;

interface Parameter {
  name: string;
  in: string;
  example?: Scalar;
  schema: Schema & { example?: Scalar; default?: Scalar };
}

/** A route as its app documents it, with what its document gives as examples. */
export interface Route {
  app: string;
  method: string;
  /** `/users/{id}` */
  path: string;
  /** `/users/6` */
  example: string;
  query: Parameter[];
  /** Field by field, an example of the body. Undefined for a route that takes none. */
  body?: Record<string, unknown>;
  /** What all apps have by the same code is asked of them by turns: which turn of how many is this app's. */
  turn: { of: number; at: number };
}

/** What an app says of itself, read from the running app: a new route is in it without anybody thinking of it. */
export async function routesOf(app: string, origin: string): Promise<{ routes: Route[]; documented: Documented }> {
  const document = (await (await fetch(`${origin}/api-json`)).json()) as OpenApi;
  const routes = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { parameters, requestBody }]): Route => {
      const known = parameters as Parameter[];
      const inPath = new Map(known.filter((one) => one.in === 'path').map((one) => [one.name, exampleOf(one)]));
      const schema = requestBody && Object.values(requestBody.content)[0].schema;
      return {
        app,
        method: method.toUpperCase(),
        path,
        example: path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => String(inPath.get(name) ?? 1)),
        query: known.filter((one) => one.in === 'query'),
        body: schema && fieldsOf(schema, document),
        turn: { of: 1, at: 0 },
      };
    }),
  );
  return { routes, documented: new Documented(document) };
}

/** Gives each app its turn at the routes that it has in common with others. */
export function withTurns(routes: Route[]): Route[] {
  const same = Map.groupBy(routes, ({ method, path, body }) => JSON.stringify([method, path, body]));
  return [...same.values()].flatMap((of) => of.map((route, at) => ({ ...route, turn: { of: of.length, at } })));
}

export const exampleOf = ({ example, schema }: Parameter): Scalar | undefined =>
  example ?? schema.example ?? schema.default;

function fieldsOf(schema: Schema, document: OpenApi): Record<string, unknown> {
  const { schemas } = document.components;
  const whole = typeof schema.$ref === 'string' ? schemas[schema.$ref.split('/').at(-1)!] : schema;
  const properties = (whole.properties ?? {}) as Record<string, Schema>;
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, valueOf(field, document)]));
}

/** A list of objects has no example of its own: it is one of what its objects have. */
function valueOf({ example, items }: Schema, document: OpenApi): unknown {
  const part = items as Schema | undefined;
  return example === undefined && part?.$ref ? [fieldsOf(part, document)] : example;
}
