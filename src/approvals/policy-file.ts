import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { type Policy, policyProblem, policySchema } from '../domain/policy/schema.ts';
import { ConfigError } from '../lib/errors.ts';

/** The policy as it stands now. */
export interface PolicySource {
  current(): { policy: Policy; version: string };
  /** Why the last edit was not taken; null when the file is in force. For the log, App Home and the doctor. */
  problem(): string | null;
}

/**
 * Reads policy.yml, and again whenever it has changed. An edit that cannot be used keeps the last good one.
 * Throws ConfigError when there is no usable file to begin with. The version is a hash of the content.
 */
export function openPolicyFile(path: string, onProblem: (problem: string) => void): PolicySource {
  const first = load(path);
  if (!first.ok) throw new ConfigError(`${path}: ${first.problem}`);
  let good = first;
  let seen = stampOf(path);
  let problem: string | null = null;

  function refresh(): void {
    const stamp = stampOf(path);
    if (stamp === seen) return;
    seen = stamp;
    const next = load(path);
    problem = next.ok
      ? null
      : `policy.yml was not taken: ${next.problem}. The last good one (${good.version}) holds.`;
    if (next.ok) good = next;
    else onProblem(problem ?? next.problem);
  }

  return {
    current: () => {
      refresh();
      return { policy: good.policy, version: good.version };
    },
    problem: () => {
      refresh();
      return problem;
    },
  };
}

type Loaded = { ok: true; policy: Policy; version: string } | { ok: false; problem: string };

function load(path: string): Loaded {
  try {
    const text = readFileSync(path, 'utf8');
    const parsed = policySchema.safeParse(parse(text));
    if (!parsed.success) return { ok: false, problem: policyProblem(parsed.error) };
    return {
      ok: true,
      policy: parsed.data,
      version: createHash('sha256').update(text).digest('hex').slice(0, 12),
    };
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
