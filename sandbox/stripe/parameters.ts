import { z } from 'zod';
import { invalidRequest, parameterMissing, type StripeFault } from './errors.ts';
import { isObject } from './json.ts';

type Shape = Record<string, z.ZodType>;

/** The parameters of one call: nothing but these, and `expand`, which every call takes. */
export function parameters<S extends Shape>(shape: S) {
  return z.strictObject({ expand: z.array(z.string()).optional(), ...shape });
}

function refuse(ctx: z.RefinementCtx, message: string, code?: string): never {
  ctx.addIssue({ code: 'custom', message, params: { code } });
  return z.NEVER;
}

export const text = z.string().transform((value, ctx) => {
  return value === '' ? refuse(ctx, 'empty', 'parameter_invalid_empty') : value;
});

/** Text that an empty string takes away. */
export const clearableText = z.string().transform((value) => (value === '' ? null : value));

export const integer = z.string().transform((value, ctx) => {
  if (value === '') return refuse(ctx, 'empty', 'parameter_invalid_empty');
  const number = Number(value);
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number))
    return refuse(ctx, `Invalid integer: ${value}`, 'parameter_invalid_integer');
  return number;
});

/** A whole number of at least one: an amount, a quantity. */
export const positiveInteger = integer.transform((value, ctx) => {
  return value < 1
    ? refuse(ctx, 'This value must be greater than or equal to 1.', 'parameter_invalid_integer')
    : value;
});

export const decimal = z.string().transform((value, ctx) => {
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : refuse(ctx, `Invalid decimal: ${value}`);
});

export const flag = z.string().transform((value, ctx) => {
  if (value === 'true') return true;
  if (value === 'false') return false;
  return refuse(ctx, `Invalid boolean: ${value}`);
});

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.string().transform((value, ctx): T[number] => {
    const known = values.find((candidate) => candidate === value);
    return known ?? refuse(ctx, `must be one of ${spoken(values)}`);
  });
}

function spoken(values: readonly string[]): string {
  return values.length < 3
    ? values.join(' or ')
    : `${values.slice(0, -1).join(', ')}, or ${values[values.length - 1]}`;
}

/** Up to 50 keys of 40 characters, values of 500; an empty value removes its key, an empty whole removes all. */
export const metadata = z.union([
  z.literal('').transform(() => null),
  z.record(z.string().max(40), z.string().max(500)).refine((all) => Object.keys(all).length <= 50),
]);

/** `created=1700000000` or `created[gte]=...`; whole seconds. */
export const instantRange = z.union([
  integer.transform((exactly) => ({ gte: exactly, lte: exactly })),
  z.strictObject({
    gt: integer.optional(),
    gte: integer.optional(),
    lt: integer.optional(),
    lte: integer.optional(),
  }),
]);

export type InstantRange = { gt?: number; gte?: number; lt?: number; lte?: number };

export const pageParameters = {
  limit: integer.optional(),
  starting_after: text.optional(),
  ending_before: text.optional(),
};

/** Parses or throws the StripeFault that names the first thing wrong. */
export function parseParameters<P>(schema: z.ZodType<P>, raw: unknown): P {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  throw faultOf(result.error.issues, raw);
}

function faultOf(issues: readonly z.core.$ZodIssue[], raw: unknown): StripeFault {
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys');
  if (unknown?.code === 'unrecognized_keys') {
    const names = unknown.keys.map((key) => nameOf([...unknown.path, key]));
    return invalidRequest(`Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`, {
      code: 'parameter_unknown',
      param: names[0],
    });
  }
  const issue = deepest(issues[0]);
  if (!issue) return invalidRequest('Invalid request.');
  const param = nameOf(issue.path);
  if (valueAt(raw, issue.path) === undefined) return parameterMissing(param);
  if (issue.code !== 'custom') return invalidRequest(`Invalid ${expectationOf(issue)}: ${param}`, { param });
  const code = typeof issue.params?.code === 'string' ? issue.params.code : undefined;
  if (code === 'parameter_invalid_empty')
    return invalidRequest(
      `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
      { code, param },
    );
  const prefix = issue.message.startsWith('must be') ? `Invalid ${param}: ` : '';
  return invalidRequest(`${prefix}${issue.message}`, { code, param });
}

/** Of a union's complaints, the most telling one: that of the branch that got furthest. */
function deepest(issue: z.core.$ZodIssue | undefined): z.core.$ZodIssue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const branches = issue.errors.map((branch) => branch[0]).filter((found) => found !== undefined);
  const best =
    branches.find((found) => found.code === 'custom') ?? branches.find((found) => found.path.length > 0);
  return best ? { ...best, path: [...issue.path, ...best.path] } : { ...issue, errors: [] };
}

function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return 'value';
  return issue.expected === 'record' ? 'object' : issue.expected;
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map((key, depth) => (depth === 0 ? String(key) : `[${String(key)}]`)).join('');
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return isObject(value) ? value[String(key)] : undefined;
  }, raw);
}
