import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

const BOT_STORE = /^psi[\w.-]*\.db(?:-wal|-shm|-journal)?$/;

/** Removes the bot's store; the sandbox's own file stays. */
export function removeBotStore(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    if (BOT_STORE.test(name)) rmSync(join(dataDir, name), { force: true });
  }
}

/** Copies the store of a bot that runs, page by page and as of one moment each file, into a folder made for it. */
export async function copyBotStore(dataDir: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(dataDir)) {
    if (!BOT_STORE.test(name) || !name.endsWith('.db')) continue;
    const db = new Database(join(dataDir, name), { readonly: true, fileMustExist: true });
    try {
      await db.backup(join(folder, name));
    } finally {
      db.close();
    }
  }
}

/** Puts back what `copyBotStore` took; the bot must be down. */
export function restoreBotStore(folder: string, dataDir: string): void {
  removeBotStore(dataDir);
  for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(dataDir, name));
}
