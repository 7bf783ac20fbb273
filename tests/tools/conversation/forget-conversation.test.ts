import { describe, expect, it } from 'vitest';
import { createMemory } from '../../../src/store/memory.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { createTranscript } from '../../../src/store/transcript.ts';
import forgetConversation from '../../../src/tools/conversation/forget-conversation.ts';
import { openWorkspace, people } from '../../approvals/workspace.ts';
import { heard } from '../reading.ts';

describe('forget_conversation', () => {
  it.each([
    'forget this conversation',
    'Please forget everything we said here.',
    'Psi, delete this thread!',
    'can you erase all of our chat',
    'forget what I asked you',
  ])('understands "%s"', async (text) => {
    const readings = forgetConversation.recognize(await heard(text));
    expect(readings.map((reading) => reading.input)).toEqual(text.includes('asked you') ? [] : [{}]);
  });

  it.each([
    "don't forget this conversation",
    'did you forget this conversation?',
    'forget the refund',
    'how many customers forget their password?',
    'forget it',
    'delete this customer',
  ])('leaves "%s" alone', async (text) => {
    expect(forgetConversation.recognize(await heard(text))).toEqual([]);
  });

  it('forgets what the asker said there, and says what is kept', async () => {
    const w = openWorkspace();
    const store = openStore(':memory:');
    const transcript = createTranscript(store);
    const ctx = { ...w.context(people.fay), memory: createMemory(store) };
    for (const [turnId, userId] of [
      ['t1', people.fay.userId],
      ['t2', people.flo.userId],
      ['t3', people.fay.userId],
    ] as const) {
      await transcript.put(ctx.place, { turnId, role: 'user', userId, content: { text: 'a secret' }, at: 1 });
    }
    const output = await forgetConversation.run({}, ctx);
    expect(output.messages).toBe(1);
    expect(forgetConversation.narrate(output)).toMatch(/one message of yours.*audit log keep/);
    const left = await transcript.recent(ctx.place, 10);
    expect(left.map((row) => JSON.stringify(row.content).includes('secret'))).toEqual([false, true, false]);
    w.close();
  });
});
