import { parse } from 'yaml';
import { type BillingSettings, billingSettingsSchema } from './domain/billing/run/settings.ts';
import { type LastGoodFile, openLastGoodFile } from './lib/last-good-file.ts';

/**
 * Reads billing.yml, and again whenever it has changed; an edit that cannot be used keeps the last good one.
 * Throws ConfigError when there is no usable file to begin with.
 */
export function openBillingFile(
  path: string,
  onProblem: (problem: string) => void,
): LastGoodFile<BillingSettings> {
  return openLastGoodFile<BillingSettings>(
    { path, name: 'billing.yml' },
    (text) => {
      const parsed = billingSettingsSchema.safeParse(parse(text));
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
