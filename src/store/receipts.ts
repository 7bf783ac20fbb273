import { canonicalJson } from '../domain/approvals/canonical-json.ts';
import type { Json, Receipt, Scope } from '../domain/types.ts';
import type { Store } from './open-store.ts';

/** What a number was made from, kept so that it can be made again. */
export interface StoredReceipt {
  tool: string;
  /** The parsed input; its keys in order, so that equal calls are equal text. */
  input: { [key: string]: Json };
  receipt: Receipt;
  narration: string;
  /** sha256 of what the answer said, the time of asking left out. */
  digest: string;
  /** Whoever has all of these may read it. */
  readers: readonly Scope[];
  createdAt: number;
}

export interface ReceiptStore {
  put(receipt: StoredReceipt): Promise<void>;
  get(queryId: string): Promise<StoredReceipt | null>;
}

interface ReceiptCell {
  receipt: Receipt;
  narration: string;
  digest: string;
}

export function createReceiptStore(store: Pick<Store, 'db'>): ReceiptStore {
  const { db } = store;
  return {
    async put(stored) {
      const { receipt, narration, digest } = stored;
      const cell: ReceiptCell = { receipt, narration, digest };
      await db
        .insertInto('receipts')
        .values({
          id: receipt.queryId,
          tool: stored.tool,
          input: canonicalJson(stored.input),
          receipt: JSON.stringify(cell),
          readers: JSON.stringify(stored.readers),
          created_at: stored.createdAt,
        })
        .execute();
    },
    async get(queryId) {
      const row = await db.selectFrom('receipts').selectAll().where('id', '=', queryId).executeTakeFirst();
      if (!row) return null;
      // Our own writing, read back: the three shapes are those of `put`.
      const cell: ReceiptCell = JSON.parse(row.receipt);
      const input: { [key: string]: Json } = JSON.parse(row.input);
      const readers: Scope[] = JSON.parse(row.readers);
      return { tool: row.tool, input, ...cell, readers, createdAt: row.created_at };
    },
  };
}
