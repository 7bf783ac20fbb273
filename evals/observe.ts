import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';

export interface ObservedCall {
  tool: string;
  input: Record<string, unknown>;
}

export interface Usage {
  calls: number;
  inputTokens: number;
  outputTokens: number;
}

/** How far the bot's own records reached when a case began. */
export interface Mark {
  receipts: number;
  approvals: number;
  transcript: number;
}

export interface Observation {
  calls: ObservedCall[];
  /** That were made and came to nothing, as of a thing that does not exist. */
  refused: ObservedCall[];
  usage: Usage;
}

const inputSchema = z.record(z.string(), z.unknown());
const refusedSchema = z.object({
  refused: z.array(z.object({ tool: z.string(), input: inputSchema.catch({}) })).default([]),
});
const usageSchema = z.object({
  usage: z.object({ calls: z.number(), inputTokens: z.number(), outputTokens: z.number() }),
});

/** Opens the bot's store read-only: a case looks at it and never changes it. */
function reading<T>(dataDir: string, read: (db: Database.Database) => T): T {
  const db = new Database(join(dataDir, 'psi.db'), { readonly: true, fileMustExist: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

export function markOf(dataDir: string): Mark {
  return reading(dataDir, (db) => {
    const last = (table: keyof Mark) =>
      db.prepare<[], { n: number }>(`SELECT COALESCE(MAX(rowid), 0) AS n FROM ${table}`).get()?.n ?? 0;
    return { receipts: last('receipts'), approvals: last('approvals'), transcript: last('transcript') };
  });
}

/** Which tools ran with which arguments, from the bot's own receipts, proposals and transcript, and what its model cost. */
export function observe(dataDir: string, since: Mark): Observation {
  return reading(dataDir, (db) => {
    const rows = db
      .prepare<[number, number], { tool: string; input: string }>(
        `SELECT tool, input FROM (
           SELECT tool, input, created_at FROM receipts WHERE rowid > ?
           UNION ALL SELECT tool, arguments, created_at FROM approvals WHERE rowid > ?
         ) ORDER BY created_at`,
      )
      .all(since.receipts, since.approvals);
    const turns = db
      .prepare<[number], { content: string }>(
        "SELECT content FROM transcript WHERE rowid > ? AND role = 'assistant'",
      )
      .all(since.transcript);
    return {
      calls: rows.map((row) => ({ tool: row.tool, input: inputSchema.parse(JSON.parse(row.input)) })),
      refused: turns.flatMap(({ content }) => refusedSchema.parse(JSON.parse(content)).refused),
      usage: total(turns.map((turn) => turn.content)),
    };
  });
}

function total(contents: readonly string[]): Usage {
  const sum: Usage = { calls: 0, inputTokens: 0, outputTokens: 0 };
  for (const content of contents) {
    const parsed = usageSchema.safeParse(JSON.parse(content));
    if (!parsed.success) continue;
    sum.calls += parsed.data.usage.calls;
    sum.inputTokens += parsed.data.usage.inputTokens;
    sum.outputTokens += parsed.data.usage.outputTokens;
  }
  return sum;
}
