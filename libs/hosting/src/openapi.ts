import { STATUS_CODES } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { KEY_LIFE_HOURS } from './idempotency-key';
import { describeInput } from './openapi-input';
import { documentProblems, type Operation, PROBLEM_SCHEMA, takesKey } from './openapi-problems';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The page is made of our own files alone. Swagger UI writes styles into its elements. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves the OpenAPI document of an app at `/api-json`, and a page to read and try it at `/api`. */
export function serveOpenApi(app: NestFastifyApplication, name: string): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', (route) => {
      if (!/^\/api(\/|$)/.test(route.url)) return;
      route.onSend = async (_request, reply, payload) => {
        void reply.header('Content-Security-Policy', CSP);
        return payload;
      };
    });
  SwaggerModule.setup('api', app, () => openApiOf(app, name), {
    raw: ['json'],
    customSiteTitle: `${name}: the API`,
    // Nobody else is told what is read here.
    swaggerOptions: { validatorUrl: null },
  });
}

function openApiOf(app: NestFastifyApplication, name: string): OpenAPIObject {
  describeInput(app);
  const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle(name).setVersion('1').build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => operationId(controller, method),
  });
  (document.components!.schemas as Record<string, unknown>).Problem = PROBLEM_SCHEMA;
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as Operation | undefined;
      if (!operation) continue;
      documentIds(operation);
      documentProblems(operation, method, path);
      if (takesKey(operation, method)) documentKey(operation);
      delete operation['x-takes-no-key'];
      nameResponses(operation);
    }
  }
  return document;
}

/** UsersController.write → usersWrite. */
const operationId = (controller: string, method: string): string => {
  const noun = controller.replace(/Controller$/, '');
  return noun[0].toLowerCase() + noun.slice(1) + method[0].toUpperCase() + method.slice(1);
};

/** A number in a path is an id: see ParseId. */
function documentIds({ parameters = [] }: Operation): void {
  for (const parameter of parameters) {
    if ('in' in parameter && parameter.in === 'path' && (parameter.schema as { type?: string }).type === 'number') {
      parameter.schema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
      parameter.example = 6;
    }
  }
}

function nameResponses({ responses }: Operation): void {
  for (const [status, response] of Object.entries(responses)) {
    if (response && 'description' in response) response.description ||= STATUS_CODES[status] ?? status;
  }
}

function documentKey(operation: Operation): void {
  (operation.parameters ??= []).push({
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A key of your choice, 1 to 255 characters, such as "8e03978e-40d5-43dd-bc93-6894a57f9324". A request that comes ' +
      `again with its key within ${KEY_LIFE_HOURS} hours is answered as it was, and changes nothing. A refused request ` +
      'keeps no key.',
    // Without an example: the page would fill it in and send one key with every try.
    schema: { type: 'string' },
  });
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))?.[1];
  if (!success || '$ref' in success) return;
  success.headers = {
    ...success.headers,
    'Idempotency-Replayed': { description: '`true` when this is the answer given before.', schema: { type: 'string' } },
  };
}
