import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from './errors.ts';

/** A settings file as it stands now. */
export interface LastGoodFile<T> {
  /** `version` is a hash of the content. */
  current(): { value: T; version: string };
  /** Why the last edit was not taken; null when the file is in force. */
  problem(): string | null;
}

export type Read<T> = { ok: true; value: T } | { ok: false; problem: string };

/**
 * Reads a settings file, and again whenever it has changed. An edit that cannot be used keeps the last good one.
 * Throws ConfigError when there is no usable file to begin with. `name` is what people call it.
 */
export function openLastGoodFile<T>(
  { path, name }: { path: string; name: string },
  read: (text: string) => Read<T>,
  onProblem: (problem: string) => void,
): LastGoodFile<T> {
  const first = load(path, read);
  if (!first.ok) throw new ConfigError(`${path}: ${first.problem}`);
  let good = first;
  let seen = stampOf(path);
  let problem: string | null = null;

  function refresh(): void {
    const stamp = stampOf(path);
    if (stamp === seen) return;
    seen = stamp;
    const next = load(path, read);
    problem = next.ok
      ? null
      : `${name} was not taken: ${next.problem}. The last good one (${good.version}) holds.`;
    if (next.ok) good = next;
    else onProblem(problem ?? next.problem);
  }

  return {
    current: () => {
      refresh();
      return { value: good.value, version: good.version };
    },
    problem: () => {
      refresh();
      return problem;
    },
  };
}

type Loaded<T> = { ok: true; value: T; version: string } | { ok: false; problem: string };

function load<T>(path: string, read: (text: string) => Read<T>): Loaded<T> {
  try {
    const text = readFileSync(path, 'utf8');
    const parsed = read(text);
    if (!parsed.ok) return parsed;
    return { ...parsed, version: createHash('sha256').update(text).digest('hex').slice(0, 12) };
  } catch (error) {
    return {
      ok: false,
      problem: error instanceof Error ? (error.message.split('\n')[0] ?? 'unreadable') : 'unreadable',
    };
  }
}

/** Changes whenever the file does: an editor that replaces the file gives it another inode. */
function stampOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs}:${size}:${ino}`;
  } catch {
    return 'missing';
  }
}
