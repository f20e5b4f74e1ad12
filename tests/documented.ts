import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

type Schema = Record<string, unknown>;

export interface Operation {
  operationId: string;
  summary?: string;
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<
    string,
    { content?: Record<string, { schema: Schema; examples?: Record<string, { value: unknown }> }> }
  >;
}

export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** An app's OpenAPI document, made to judge what the app answers. */
export class Documented {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly judges = new Map<string, ValidateFunction>();
  private readonly paths: { path: string; pattern: RegExp }[];

  constructor(readonly document: OpenApi) {
    (addFormats as unknown as typeof addFormats.default)(this.ajv);
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      this.ajv.addSchema(strict(schema, name !== 'Problem'), `/schemas/${name}`);
    }
    // `/users/list` comes before `/users/{id}`.
    this.paths = Object.keys(document.paths)
      .toSorted((a, b) => a.split('{').length - b.split('{').length)
      .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`) }));
  }

  /** Undefined when the document has no such path or method. */
  operation(method: string, pathname: string): Operation | undefined {
    const path = this.path(pathname);
    return path === undefined ? undefined : this.document.paths[path][method.toLowerCase()];
  }

  /** `/users/{id}` for `/users/6`. */
  path(pathname: string): string | undefined {
    return this.paths.find(({ pattern }) => pattern.test(pathname))?.path;
  }

  /** What the document does not say of an answer: its status, its type, a field too many, one too few, another type. */
  lies(operation: Operation, { status, headers, text }: { status: number; headers: Headers; text: string }): string[] {
    const response = operation.responses[status];
    if (!response) return [`status ${status}: ${text}`];
    const type = headers.get('content-type')?.split(';')[0];
    if (!type || !text) return response.content && !type ? ['no content-type'] : [];
    const content = response.content?.[type];
    if (!content) return [`status ${status} with ${type}`];
    if (!/[/+]json$/.test(type)) return [];
    return this.violations(content.schema, JSON.parse(text), operation.operationId + status + type);
  }

  violations(schema: Schema, value: unknown, name = JSON.stringify(schema)): string[] {
    const judge = this.judges.get(name) ?? this.ajv.compile(strict(schema, true));
    this.judges.set(name, judge);
    return judge(value)
      ? []
      : judge.errors!.map((error) => `${error.instancePath} ${error.message}: ${JSON.stringify(error.params)}`);
  }
}

/** References made absolute, and no object may have what its schema does not name. */
function strict(schema: Schema, closed: boolean): Schema {
  const copy = JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '/schemas/')) as Schema;
  const close = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    Object.values(node).forEach(close);
    const object = node as Schema;
    if (object.type === 'object' && object.properties && closed) object.additionalProperties ??= false;
  };
  close(copy);
  return copy;
}
