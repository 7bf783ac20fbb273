import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { createReceiptStore } from '../../src/store/receipts.ts';
import { createTranscript } from '../../src/store/transcript.ts';

const thread = { teamId: 'T1', channelId: 'C1', threadTs: '1.1' };
const row = (turnId: string, at: number, text: string) => ({
  turnId,
  role: 'user' as const,
  userId: 'U1',
  content: { text },
  at,
});

describe('the transcript', () => {
  it('keeps one row a turn and side, and gives the newest, oldest first', async () => {
    const transcript = createTranscript(openStore(':memory:'));
    for (const at of [1, 2, 3]) await transcript.put(thread, row(`t${at}`, at, `said ${at}`));
    await transcript.put(thread, row('t3', 3, 'said again'));
    await transcript.put({ ...thread, threadTs: '2.2' }, row('other', 4, 'elsewhere'));
    expect((await transcript.recent(thread, 2)).map((one) => one.content)).toEqual([
      { text: 'said 2' },
      { text: 'said again' },
    ]);
    expect(await transcript.find('t1', 'assistant')).toBeNull();
  });
});

describe('receipts', () => {
  it('come back as they were kept', async () => {
    const store = openStore(':memory:');
    const receipts = createReceiptStore(store);
    const stored = {
      tool: 'some_tool',
      input: { b: 1, a: { d: [1], c: null } },
      receipt: {
        queryId: 'q_1',
        definition: { name: 'n', version: 1, words: 'w' },
        period: null,
        asOfAt: 1,
        rowCount: 2,
        freshness: [],
        notes: [],
      },
      narration: 'Two.',
      digest: 'd',
      readers: ['billing:read' as const],
      createdAt: 5,
    };
    await receipts.put(stored);
    expect(await receipts.get('q_1')).toEqual(stored);
    expect(await receipts.get('q_2')).toBeNull();
    // Equal calls are equal text: the keys stand in order.
    const row = await store.db.selectFrom('receipts').select('input').executeTakeFirst();
    expect(row?.input).toBe('{"a":{"c":null,"d":[1]},"b":1}');
  });
});
