import { parse } from 'yaml';
import { type HealthSettings, healthSettingsSchema } from './domain/health/settings.ts';
import { type LastGoodFile, openLastGoodFile } from './lib/last-good-file.ts';

/**
 * Reads health.yml, and again whenever it has changed; an edit that cannot be used keeps the last good one.
 * Throws ConfigError when there is no usable file to begin with.
 */
export function openHealthFile(
  path: string,
  onProblem: (problem: string) => void,
): LastGoodFile<HealthSettings> {
  return openLastGoodFile<HealthSettings>(
    { path, name: 'health.yml' },
    (text) => {
      const parsed = healthSettingsSchema.safeParse(parse(text));
      if (parsed.success) return { ok: true, value: parsed.data };
      const issue = parsed.error.issues[0];
      return {
        ok: false,
        problem: `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'malformed'}`,
      };
    },
    onProblem,
  );
}
