import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** For cases whose outcome hangs on no particular day. */
const DEFAULT_NOW = '2026-11-22T14:30:00-08:00';

const roleSchema = z.strictObject({ role: z.string(), nth: z.number().int().optional() });

const turnSchema = z.union([
  z.string(),
  z.strictObject({
    click: z.enum(['approve', 'reject', 'undo', 'choice', 'receipt', 'next']),
    by: roleSchema.optional(),
    choice: z.string().optional(),
  }),
  z.strictObject({ advance: z.string() }),
  z.strictObject({ event: z.looseObject({ type: z.string() }) }),
]);

/** A case that cannot be judged: it names a truth or a record nobody knows. Not a failure of the bot. */
export class InvalidCase extends Error {
  override readonly name = 'InvalidCase';
}

/** One case, as EVALS documents it. Unknown keys are refused: a misspelt expectation must not pass silently. */
export const caseSchema = z.strictObject({
  id: z.string(),
  area: z.string(),
  note: z.string().optional(),
  /** Id of the case this one says in other words: both must show the same figures. */
  twin_of: z.string().optional(),
  now: z.iso.datetime({ offset: true }).default(DEFAULT_NOW),
  tz: z.string().optional(),
  user: roleSchema,
  where: z.enum(['channel', 'dm', 'thread', 'shared_channel']).default('dm'),
  setup: z
    .array(
      z.strictObject({
        event: z.looseObject({ type: z.string() }).optional(),
        fault: z.looseObject({ system: z.string(), kind: z.string() }).optional(),
        model: z.unknown().optional(),
      }),
    )
    .default([]),
  turns: z.array(turnSchema).min(1),
  expect: z.strictObject({
    tools: z.strictObject({ any_of: z.array(z.string()) }).optional(),
    args: z.record(z.string(), z.unknown()).optional(),
    approval: z.enum(['none', 'required', 'confirm', 'refuse', 'clarify']).optional(),
    effects: z.number().int().optional(),
    numbers: z.array(z.looseObject({ truth: z.string(), at: z.string().optional() })).optional(),
    must: z.array(z.string()).optional(),
    must_not: z.array(z.string()).optional(),
    readers: z.array(z.string()).optional(),
  }),
});

export type EvalCase = z.infer<typeof caseSchema>;

/** Reads one JSONL file, or every one below a folder. Throws naming the file, the line and what is wrong there. */
export function readCases(path: string, isFolder: boolean): EvalCase[] {
  const files = isFolder
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
        .map((name) => join(path, name))
    : [path];
  const cases = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) => (line.trim() === '' ? [] : [parseLine(line, `${file}:${index + 1}`)])),
  );
  checkIds(cases);
  return cases;
}

/** True for a case that asks and looks, and neither sets up, presses nor awaits anything that changes a world. */
export function onlyAsks({ setup, turns }: Pick<EvalCase, 'setup' | 'turns'>): boolean {
  return setup.length === 0 && turns.every((turn) => typeof turn === 'string');
}

/** Results and baselines go by the id, and a twin by the id of its original. */
function checkIds(cases: readonly EvalCase[]): void {
  const ids = new Set<string>();
  for (const { id } of cases) {
    if (ids.has(id)) throw new Error(`two cases are called ${id}`);
    ids.add(id);
  }
  const orphan = cases.find(({ twin_of }) => twin_of !== undefined && !ids.has(twin_of));
  if (orphan) throw new Error(`${orphan.id} is the twin of ${orphan.twin_of}, which is no case`);
}

function parseLine(line: string, where: string): EvalCase {
  try {
    return caseSchema.parse(JSON.parse(line));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`${where}: ${reason}`);
  }
}
