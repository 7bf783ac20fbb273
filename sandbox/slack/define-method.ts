import { z } from 'zod';
import { withMessages } from './errors.ts';
import type { JsonObject } from './json.ts';
import type { Tier } from './rate-limits.ts';
import type { Slack } from './slack.ts';

export interface Method {
  name: string;
  tier: Tier;
  /** Which token the method wants: the bot's `xoxb`, the app's `xapp`, or none. */
  token: 'bot' | 'app' | 'none';
  call(args: JsonObject, slack: Slack): JsonObject;
}

/** A Web API method: its arguments are checked before it runs; what it answers is sent with `ok: true`. */
export function defineMethod<Input extends z.ZodType>(definition: {
  name: string;
  tier: Tier;
  token?: 'bot' | 'app' | 'none';
  input: Input;
  run(args: z.output<Input>, slack: Slack): JsonObject;
}): Method {
  return {
    name: definition.name,
    tier: definition.tier,
    token: definition.token ?? 'bot',
    call(args, slack) {
      const parsed = definition.input.safeParse(args);
      if (parsed.success) return definition.run(parsed.data, slack);
      const problems = parsed.error.issues.map(
        (issue) => `${issue.message} [json-pointer:/${issue.path.join('/')}]`,
      );
      throw withMessages('invalid_arguments', problems);
    },
  };
}

const YES = ['true', '1', 'True'];
const NO = ['false', '0', 'False', ''];

/** A boolean, also in the words of a form. */
export const flag = z.union([z.boolean(), z.enum([...YES, ...NO]).transform((word) => YES.includes(word))]);
export const whole = z.coerce.number().int();
export const jsonObjects = z.array(z.record(z.string(), z.unknown()));
export const jsonRecord = z.record(z.string(), z.unknown());
