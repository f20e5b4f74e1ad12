import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'puppeteer-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/**
 * The browser that `CHROMIUM` names, or else the first of the usual names on the PATH. Undefined when there is none.
 * @throws Error when `CHROMIUM` names what can not be run: whoever set it wants these tests.
 */
export function findChromium({ CHROMIUM, PATH = '' }: NodeJS.ProcessEnv): string | undefined {
  if (CHROMIUM) {
    accessSync(CHROMIUM, constants.X_OK);
    return CHROMIUM;
  }
  return findProgram(NAMES, PATH);
}

/** The file of the first of these names that a folder of the PATH has. */
export function findProgram(names: string[], PATH = ''): string | undefined {
  const folders = PATH.split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export async function launchChromium(): Promise<Browser> {
  const { launch } = await import('puppeteer-core');
  // As root, as in a container, its sandbox does not start; what it opens here is our own.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return launch({ executablePath: findChromium(process.env), args: [...args, '--disable-dev-shm-usage'], pipe: true });
}
