import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../../scripts/services/services.mjs';
import type { Answer } from '../shop';
import { eventually } from '../shop-process';

/** A line of the gateway's log. */
interface Line {
  correlation_id: string;
  method: string;
  route: string;
  status: number;
}

/** The real nginx, as `node scripts/gateway.mjs` starts it, in a folder of its own. @param settings as in container.env */
export async function openGateway(settings: Record<string, string>, port?: number) {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const GATEWAY_LISTEN = `127.0.0.1:${port ?? (await freePort())}`;
  const env = { ...process.env, GATEWAY_FOLDER: folder, GATEWAY_LISTEN, ...settings };
  // Files, for nginx opens /dev/stdout anew, which can not be done with what spawn makes.
  const [log, errors] = ['access.log', 'error.log'].map((name) => join(folder, name));
  const [stdout, stderr] = [log, errors].map((file) => openSync(file, 'a'));
  const nginx = spawn(process.execPath, [resolve('scripts/gateway.mjs')], { env, stdio: ['ignore', stdout, stderr] });
  for (const file of [stdout, stderr]) closeSync(file);
  const ended = new Promise<void>((done) => nginx.once('close', () => done()));
  const url = `http://${GATEWAY_LISTEN}`;
  await eventually(async () => {
    if (nginx.exitCode !== null) throw new Error(`nginx ended: ${readFileSync(errors, 'utf8')}`);
    await fetch(`${url}/health-check`);
  });

  return {
    url,
    port: Number(new URL(url).port),
    lines: (): Line[] =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line),
    stop: async (): Promise<void> => {
      nginx.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

export type Gateway = Awaited<ReturnType<typeof openGateway>>;

/** @param localAddress where the caller is */
export function call<T>(
  url: string,
  method = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
  localAddress?: string,
): Promise<Answer<T>> {
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type =
    sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) };
  return new Promise((done, failed) => {
    const asked = request(url, { method, headers: { ...type, ...headers }, localAddress, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('error', failed).once('end', () =>
        done({
          status: response.statusCode!,
          headers: new Headers(response.headers as Record<string, string>),
          text,
          body: (isJson(response.headers) && text ? JSON.parse(text) : undefined) as T,
        }),
      );
    });
    asked.once('error', failed).end(sent);
  });
}

const isJson = (headers: IncomingHttpHeaders): boolean => /[/+]json/.test(headers['content-type'] ?? '');
