import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface EditedText {
  text: string;
  /** It stays, so that nothing that was written is lost, until it is discarded. */
  file: string;
}

/** Opens the person's editor on a text. Undefined when it did not end well, or nothing was changed. */
export function editText(before: string, editor: string): EditedText | undefined {
  const file = join(mkdtempSync(join(tmpdir(), 'magasin-')), 'event.json');
  writeFileSync(file, before, { mode: 0o600 });
  // As git does: the editor may be given with options of its own.
  const { status } = spawnSync(`${editor} "${file}"`, { shell: true, stdio: 'inherit' });
  const text = readFileSync(file, 'utf8');
  if (status === 0 && text !== before) return { text, file };
  discardText(file);
  return undefined;
}

export const discardText = (file: string): void => rmSync(dirname(file), { recursive: true, force: true });
