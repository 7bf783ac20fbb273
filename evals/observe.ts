import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';

export interface ObservedCall {
  tool: string;
  input: Record<string, unknown>;
}

export interface Observation {
  calls: ObservedCall[];
}

const inputSchema = z.record(z.string(), z.unknown());

/** Which tools ran with which arguments, from the bot's own receipts and proposals, read-only. */
export function observeCalls(dataDir: string): Observation {
  const db = new Database(join(dataDir, 'psi.db'), { readonly: true, fileMustExist: true });
  try {
    const rows = db
      .prepare<[], { tool: string; input: string }>(
        `SELECT tool, input FROM (
           SELECT tool, input, created_at FROM receipts
           UNION ALL SELECT tool, arguments, created_at FROM approvals
         ) ORDER BY created_at`,
      )
      .all();
    return {
      calls: rows.map((row) => ({ tool: row.tool, input: inputSchema.parse(JSON.parse(row.input)) })),
    };
  } finally {
    db.close();
  }
}
