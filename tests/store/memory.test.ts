import { describe, expect, it } from 'vitest';
import { candidateCase } from '../../src/feedback-cases.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { retention } from '../../src/schedules/retention.ts';
import { createAnswerStore } from '../../src/store/answers.ts';
import { listUnhelpful, recordFeedback, recordReason } from '../../src/store/feedback.ts';
import { createMemory } from '../../src/store/memory.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createReceiptStore } from '../../src/store/receipts.ts';
import { createTranscript } from '../../src/store/transcript.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const thread = { teamId: 'T1', channelId: 'D1', threadTs: '1.1' };

function setup() {
  const store = openStore(':memory:');
  const transcript = createTranscript(store);
  const answers = createAnswerStore(store);
  const receipts = createReceiptStore(store);
  /** A question and its answer, with everything they leave behind. */
  async function turn(turnId: string, userId: string, text: string, at = NOW, where = thread) {
    const queryId = `q_${turnId}`;
    await transcript.put(where, { turnId, role: 'user', userId, content: { text }, at });
    const calls = [{ tool: 'some_tool', input: { customer: 'Acme' }, listed: [] }];
    const content = { text: `about ${text}`, calls, offers: [], proposals: [] };
    await transcript.put(where, { turnId, role: 'assistant', userId: null, content, at });
    await answers.keep({
      turnId,
      thread: where,
      userId,
      mode: 'rules',
      receipts: [queryId],
      answer: { text },
      at,
    });
    const receipt = {
      queryId,
      definition: { name: 'n', version: 1, words: 'w' },
      period: null,
      asOfAt: at,
      rowCount: 1,
      freshness: [],
      notes: [],
    };
    await receipts.put({
      tool: 'some_tool',
      input: {},
      receipt,
      narration: text,
      digest: '',
      readers: [],
      createdAt: at,
    });
    await store.db
      .insertInto('deliveries')
      .values({
        delivery_key: `turn:${turnId}`,
        channel_id: where.channelId,
        message_ts: `m.${turnId}`,
        state: 'posted',
        at,
      })
      .execute();
  }
  const opinion = (turnId: string, userId: string, rating: string, at = NOW) =>
    recordFeedback(store, { ...thread, messageTs: `m.${turnId}`, userId, role: 'finance', rating }, at);
  const texts = () => JSON.stringify(store.sqlite.prepare('SELECT content FROM transcript').all());
  const count = (table: string) =>
    store.sqlite.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? -1;
  return { store, transcript, answers, receipts, memory: createMemory(store), turn, opinion, texts, count };
}

describe('forgetting', () => {
  it("takes one person's part of a thread with everything it left, and leaves what others said", async () => {
    const { memory, turn, opinion, texts, answers, receipts, count } = setup();
    await turn('t1', 'U1', 'my secret');
    await turn('t2', 'U2', 'their question');
    await turn('t3', 'U1', 'elsewhere', NOW, { ...thread, threadTs: '2.2' });
    await opinion('t1', 'U1', 'negative');
    expect(await memory.forgetThread(thread, 'U1')).toEqual({ turns: 1 });
    expect(texts()).not.toMatch(/secret/);
    expect(texts()).toMatch(/their question.*elsewhere/);
    expect(await answers.find('t1')).toBeNull();
    expect(await receipts.get('q_t1')).toBeNull();
    expect(await receipts.get('q_t2')).not.toBeNull();
    expect(count('feedback')).toBe(0);
  });

  it('leaves it known that Psi took part there', async () => {
    const { memory, turn, transcript } = setup();
    await turn('t1', 'U1', 'hello');
    await memory.forgetThread(thread, 'U1');
    expect(await transcript.recent(thread, 5)).toHaveLength(2);
    expect(await memory.forgetThread(thread, 'U1')).toEqual({ turns: 0 });
  });

  it('of everything reaches every thread, however many there are', async () => {
    const { memory, turn, texts, opinion, count } = setup();
    for (let at = 0; at < 205; at += 1)
      await turn(`t${at}`, 'U1', `secret ${at}`, NOW, { ...thread, threadTs: `${at}.1` });
    await turn('other', 'U2', 'kept');
    await opinion('other', 'U1', 'negative');
    expect(await memory.forgetPerson('T1', 'U1')).toEqual({ turns: 205 });
    expect(texts()).not.toMatch(/secret/);
    expect(texts()).toMatch(/kept/);
    expect(count('feedback')).toBe(0);
    expect(await memory.conversationsOf('T1', 'U1', 5)).toEqual([]);
  });

  it('offers the newest conversations by how they began', async () => {
    const { memory, turn } = setup();
    await turn('t1', 'U1', 'first words', NOW);
    await turn('t2', 'U1', 'a follow-up', NOW + 2);
    await turn('t3', 'U1', 'another', NOW + 1, { ...thread, threadTs: '2.2' });
    const found = await memory.conversationsOf('T1', 'U1', 5);
    expect(found.map((each) => each.opening)).toEqual(['first words', 'another']);
  });
});

describe('retention', () => {
  it('forgets once a day what is older than 90 days, and nothing else', async () => {
    const { store, turn, opinion, texts, count } = setup();
    await turn('old', 'U1', 'ninety-one days ago', NOW - 91 * DAY);
    await turn('new', 'U1', 'eighty-nine days ago', NOW - 89 * DAY);
    await opinion('old', 'U1', 'negative', NOW - 91 * DAY);
    let now = NOW;
    const company = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' };
    const nightly = retention({
      store,
      clock: { ...fixedClock(NOW), now: () => now },
      company,
      teamId: 'T1',
    });
    const night = async () => {
      const [occasion] = await nightly.occasions();
      const subject = occasion?.subject ?? '';
      const { signal } = new AbortController();
      const principal = await nightly.runAs(subject);
      return nightly.run({ subject, principal, dueAt: now, attempt: 1, key: 'k', signal });
    };
    expect((await night()).summary).toBe('Forgot 5 rows of conversations older than 90 days.');
    expect(texts()).not.toMatch(/ninety-one/);
    expect(texts()).toMatch(/eighty-nine/);
    expect(['answers', 'receipts', 'feedback'].map(count)).toEqual([1, 1, 0]);
    expect((await night()).summary).toBe('Forgot 0 rows of conversations older than 90 days.');
    now = NOW + 2 * DAY;
    await night();
    expect(['transcript', 'answers', 'receipts'].map(count)).toEqual([0, 0, 0]);
  });
});

describe('feedback', () => {
  it('is one row a person and message, with the turn it is about; the newest opinion counts', async () => {
    const { store, turn, opinion, count } = setup();
    await turn('t1', 'U1', 'how is MRR?');
    await opinion('t1', 'U1', 'negative');
    await recordReason(store, {
      ...thread,
      messageTs: 'm.t1',
      userId: 'U1',
      reason: 'number',
      comment: 'net',
    });
    await opinion('t1', 'U2', 'negative', NOW + 1);
    expect(count('feedback')).toBe(2);
    expect(await listUnhelpful(store)).toMatchObject([
      {
        question: 'how is MRR?',
        reason: 'number',
        comment: 'net',
        mode: 'rules',
        calls: [{ tool: 'some_tool' }],
      },
      { reason: null },
    ]);
    await opinion('t1', 'U1', 'positive');
    expect(count('feedback')).toBe(2);
    expect((await listUnhelpful(store)).map((row) => row.reason)).toEqual([null]);
  });

  it('about a message that answers no question is kept, and given out as no case', async () => {
    const { store, opinion, count } = setup();
    await opinion('unknown', 'U1', 'negative');
    expect(count('feedback')).toBe(1);
    expect(await listUnhelpful(store)).toEqual([]);
  });
});

describe('a candidate case', () => {
  const row = {
    id: 'fb_1',
    channelId: 'D1',
    role: 'finance',
    rating: 'negative',
    reason: 'number',
    comment: 'ask Priya',
    question: '',
    calls: [{ tool: 'some_tool' }],
    mode: 'rules',
    at: NOW,
  };
  const people = ['Priya Raman', 'Lena Fischer', 'Al'];

  it.each([
    ['what did Priya Raman ask about MRR?', 'what did somebody ask about MRR?'],
    ["Lena's customers, and PRIYA'S", "somebody's customers, and somebody'S"],
    ['write to priya@psizero.example or <@U0PRIYA>', 'write to somebody or somebody'],
    ['total for Alpine Systems', 'total for Alpine Systems'],
    ['Raman Priya', 'somebody'],
  ])('says "%s" without names', (question, said) => {
    const made = candidateCase({ ...row, question }, people);
    expect(made?.turns).toEqual([said]);
    expect(made?.note).not.toMatch(/Priya/);
  });

  it('is none without a question', () => {
    expect(candidateCase({ ...row, question: null }, people)).toBeNull();
  });
});
