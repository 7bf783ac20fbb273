import { parse } from 'yaml';
import { type Policy, policyProblem, policySchema } from '../domain/policy/schema.ts';
import { openLastGoodFile } from '../lib/last-good-file.ts';

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
  const file = openLastGoodFile<Policy>(
    { path, name: 'policy.yml' },
    (text) => {
      const parsed = policySchema.safeParse(parse(text));
      return parsed.success
        ? { ok: true, value: parsed.data }
        : { ok: false, problem: policyProblem(parsed.error) };
    },
    onProblem,
  );
  return {
    current: () => {
      const { value, version } = file.current();
      return { policy: value, version };
    },
    problem: file.problem,
  };
}
