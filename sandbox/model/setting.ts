import { z } from 'zod';

const callSchema = z.strictObject({
  name: z.string(),
  arguments: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .transform((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
});

const stepSchema = z
  .strictObject({
    text: z.string().optional(),
    tool_calls: z.array(callSchema).min(1).optional(),
    error: z.union([z.literal(429), z.literal(500), z.literal('cut')]).optional(),
    /** Beside 429: the seconds it asks for; null sends no Retry-After. */
    retry_after: z.number().nonnegative().nullable().optional(),
    /** Why it stops, where that is neither the end nor a call. */
    finish_reason: z.enum(['length', 'content_filter']).optional(),
  })
  .refine((step) => Object.keys(step).length > 0, 'give text, tool_calls or error');

/** What `POST /sandbox/model` sets: exactly one of a script, an adversary or off. */
export const modelSettingSchema = z
  .strictObject({
    script: z.array(stepSchema).min(1).optional(),
    adversary: z.enum(['compromised', 'liar', 'garbage']).optional(),
    off: z.literal(true).optional(),
  })
  .refine(
    (setting) => Object.keys(setting).length === 1,
    'give exactly one of script, adversary and off: true',
  );

export type ModelSetting = z.infer<typeof modelSettingSchema>;
