import { describe, expect, it } from 'vitest';
import { tools } from '../../../src/tools/index.ts';
import { heard } from '../reading.ts';

const REPORT = { tool: 'any', input: {}, listed: [{ id: 'rep_1', label: 'mrr' }] };

/** Which tool reads a message best, among all there are. */
async function best(message: string, inThread = false) {
  const utterance = await heard(message, inThread ? [REPORT] : []);
  const readings = tools.flatMap((tool) =>
    tool.recognize(utterance).map((reading) => ({ name: tool.name, ...reading })),
  );
  const [first, second] = readings.sort((a, b) => b.confidence - a.confidence);
  const clear = !first || !second || first.confidence - second.confidence >= 0.02;
  return first && first.confidence >= 0.6 && clear ? { name: first.name, input: first.input } : null;
}

describe('what is said about reports', () => {
  it.each<[string, string, object]>([
    ['post mrr in <#C0FINANCE2|finance> every monday 9am', 'create_report', { where: '#finance' }],
    [
      'send me revenue yesterday daily at 18:00',
      'create_report',
      { question: 'revenue yesterday', where: 'dm' },
    ],
    ["what's scheduled?", 'list_reports', {}],
    ['what is scheduled in here', 'list_reports', { where: 'here' }],
    ['list my scheduled reports', 'list_reports', {}],
    ['move the monday one to 10am', 'move_report', { report: 'the monday one', when: 'to 10am' }],
    [
      'change the mrr report to fridays at 9',
      'move_report',
      { report: 'the mrr report', when: 'to fridays at 9' },
    ],
    ['stop the monday one', 'stop_report', { report: 'the monday one', how: 'stop' }],
    ['pause the mrr report', 'stop_report', { report: 'the mrr report', how: 'pause' }],
    ['cancel my scheduled reports', 'stop_report', { how: 'stop' }],
    ['stop the report rep_0123abc', 'stop_report', { report: 'the report rep_0123abc' }],
  ])('"%s"', async (message, name, input) => {
    const reading = await best(message);
    expect(reading).toMatchObject({ name, input });
  });

  it.each<[string, string, object]>([
    ['move it to 8', 'move_report', { report: 'rep_1', when: 'to 8' }],
    ['make it 8:30', 'move_report', { report: 'rep_1' }],
    ['pause it', 'stop_report', { report: 'rep_1', how: 'pause' }],
    ['resume it', 'stop_report', { report: 'rep_1', how: 'resume' }],
    ['stop the first one', 'stop_report', { report: 'rep_1', how: 'stop' }],
  ])('"%s", said after one was shown', async (message, name, input) => {
    expect(await best(message, true)).toMatchObject({ name, input });
  });

  it.each([
    'how is MRR?',
    'mrr this week',
    'send my briefing at 9 Berlin time',
    'stop my briefing',
    'refund Acme',
    'remind Acme every monday at 9',
    'show revenue by month',
    'cancel the second one',
    'move my briefing to 7:30',
  ])('"%s" is about something else', async (message) => {
    expect((await best(message))?.name ?? '').not.toMatch(/_reports?$/);
  });
});
