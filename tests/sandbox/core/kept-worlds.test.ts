import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { restoreBotStore } from '../../../sandbox/core/bot-store.ts';
import { KeptWorlds, touches, worldName } from '../../../sandbox/core/kept-worlds.ts';
import { openSandboxDatabase } from '../../../sandbox/core/key-value.ts';

let dataDir: string;
let bot: Database.Database;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'psi-kept-'));
  bot = new Database(join(dataDir, 'psi.db'));
  bot.pragma('journal_mode = WAL');
  bot.exec("CREATE TABLE said (text TEXT); INSERT INTO said VALUES ('briefing')");
});
afterEach(() => {
  bot.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function keeping(onIdle: (db: ReturnType<typeof openSandboxDatabase>) => void = () => undefined) {
  const db = openSandboxDatabase(':memory:');
  db.set('slack_messages', 'a', { text: 'briefing' });
  const worlds = new KeptWorlds({
    dataDir,
    db,
    now: () => 1_000,
    idle: async () => onIdle(db),
    log: () => undefined,
  });
  return { db, worlds };
}

const saidIn = (path: string) => {
  const db = new Database(path, { readonly: true });
  const rows = db.prepare<[], { text: string }>('SELECT text FROM said').all();
  db.close();
  return rows.map(({ text }) => text);
};

describe('a world kept for the next reset', () => {
  it('holds both sides as they were when nobody had done anything yet', async () => {
    const { db, worlds } = keeping();
    worlds.begun('one');
    await worlds.keepIfUntouched();
    db.set('slack_messages', 'b', { text: 'mrr?' });
    bot.exec("INSERT INTO said VALUES ('mrr?')");

    const kept = worlds.find('one');
    expect(kept?.takenAt).toBe(1_000);
    db.load(kept?.entries ?? []);
    expect(db.all('slack_messages')).toEqual([{ id: 'a', value: { text: 'briefing' } }]);
    bot.close();
    restoreBotStore(kept?.botStore ?? '', dataDir);
    expect(existsSync(join(dataDir, 'psi.db-wal'))).toBe(false);
    expect(saidIn(join(dataDir, 'psi.db'))).toEqual(['briefing']);
  });

  it.each<[string, (worlds: KeptWorlds) => void]>([
    ['in which somebody has done something', (worlds) => worlds.touched()],
    ['that was put back from a kept one', (worlds) => worlds.begun(null)],
  ])('is not one %s', async (_, happens) => {
    const { worlds } = keeping();
    worlds.begun('one');
    happens(worlds);
    await worlds.keepIfUntouched();
    expect(worlds.isWanted()).toBe(false);
    expect(worlds.find('one')).toBeNull();
  });

  it('is not one that changed while it was copied; the next wait tries again', async () => {
    let changes = 1;
    const { worlds } = keeping((db) => {
      if (changes > 0) db.set('slack_messages', 'c', { text: 'late' });
      changes -= 1;
    });
    worlds.begun('one');
    await worlds.keepIfUntouched();
    expect(worlds.find('one')).toBeNull();
    await worlds.keepIfUntouched();
    expect(worlds.find('one')).not.toBeNull();
  });

  it('goes when two others were used since, and all go with the process', async () => {
    const { worlds } = keeping();
    for (const name of ['one', 'two', 'three']) {
      worlds.begun(name);
      await worlds.keepIfUntouched();
      worlds.find('one');
    }
    expect(worlds.find('two')).toBeNull();
    expect(worlds.find('one')).not.toBeNull();
    expect(readdirSync(join(dataDir, 'kept-worlds'))).toHaveLength(2);
    worlds.close();
    expect(existsSync(join(dataDir, 'kept-worlds'))).toBe(false);
  });

  it('belongs to the policy the bot read', () => {
    const policy = join(dataDir, 'policy.yml');
    const anchor = { seed: 7, now: 0, scale: 1 };
    writeFileSync(policy, 'stopped: false');
    const before = worldName(anchor, policy);
    expect(worldName(anchor, policy)).toBe(before);
    writeFileSync(policy, 'stopped: true');
    expect(worldName(anchor, policy)).not.toBe(before);
    expect(worldName({ ...anchor, seed: 8 }, policy)).not.toBe(worldName(anchor, policy));
  });
});

describe('a request', () => {
  it.each([
    ['POST', '/sandbox/messages', true],
    ['DELETE', '/sandbox/faults', true],
    ['GET', '/sandbox/views?user=U1&open=home', true],
    ['GET', '/sandbox/views?user=U1', false],
    ['GET', '/sandbox/wait?timeout_ms=1000', false],
    ['GET', '/sandbox/truth?query=mrr', false],
    ['POST', '/api/chat.postMessage', false],
  ])('%s %s touches a world: %s', (method, url, touching) => {
    expect(touches(method, url)).toBe(touching);
  });
});
