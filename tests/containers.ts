import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';

const ROOT = resolve(__dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

export interface Service {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  env_file?: string;
  ports?: string[];
  volumes?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  deploy?: { replicas?: number; resources: { limits: Record<string, string> } };
}

/** The services of a compose file, as compose understands it: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`. */
export function servicesOf(file: string, environment: Record<string, string>): Record<string, Service> {
  const text = read(file).replaceAll(/\$\{(\w+)(?::(-|\?)([^}]*))?\}/g, (_all, name: string, kind, rest: string) => {
    if (environment[name]) return environment[name];
    if (kind === '?') throw new Error(`${name} ${rest}`);
    return rest ?? '';
  });
  return (parse(text, { merge: true }) as { services: Record<string, Service> }).services;
}

/** What the Dockerfile says of the image, in its last stage. */
export function imageOf(dockerfile = read('Dockerfile')) {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const words = (pattern: RegExp): string[] => JSON.parse(pattern.exec(last)![1]) as string[];
  const [, environment] = /^ENV (.+)$/m.exec(last)!;
  return {
    bases: [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base),
    user: /^USER (.+)$/m.exec(last)?.[1],
    environment: Object.fromEntries(environment.split(' ').map((pair) => pair.split('=') as [string, string])),
    command: words(/^CMD (\[.+\])$/m),
    healthCheck: words(/^HEALTHCHECK [^[]+CMD (\[.+\])$/m),
    /** From where to where, in /app. */
    copies: [...last.matchAll(/^COPY (?:--\S+ )*(.+)$/gm)].flatMap(([, rest]) => {
      const names = rest.split(' ');
      const target = names.pop()!;
      return names.map((name) => name.replace(/^\/app\//, '')).map((from) => ({ from, to: target }));
    }),
  };
}

/**
 * The files of the image and no others, in a folder far from the checkout: of the packages those that
 * `npm ci --omit=dev` installs. They are links: who runs there sets `environment`, or Node would follow them back.
 */
export function imageFolder(): { folder: string; environment: Record<string, string>; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'magasin-image-'));
  for (const { from, to } of imageOf().copies) {
    if (from === 'node_modules') continue;
    cpSync(
      join(ROOT, from),
      to.startsWith('./') || to.endsWith('/') ? join(folder, to, from.split('/').pop()!) : join(folder, to),
      {
        recursive: true,
      },
    );
  }
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { dev?: true }> };
  for (const [path, { dev }] of Object.entries(packages)) {
    if (dev || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(ROOT, path), join(folder, path));
  }
  return {
    folder,
    environment: { NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main' },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
