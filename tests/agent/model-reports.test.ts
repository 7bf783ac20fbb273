import { describe, expect, it } from 'vitest';
import { scripted } from './scripted-model.ts';
import { startAgent } from './world.ts';

const create = {
  name: 'create_report',
  args: { question: 'mrr', when: 'every day at 9', where: '#general' },
};
const stop = { name: 'stop_report', args: { report: 'the monday one', how: 'stop' } };
const move = { name: 'move_report', args: { report: 'the monday one', when: 'to 8' } };

/** The calls that reached a tool. */
async function reached(message: string, call: typeof create | typeof stop | typeof move) {
  const { model } = scripted({ calls: [call] }, 'I did what I could.');
  const agent = startAgent({ model });
  await agent.ask(message);
  return agent.audited;
}

describe('a model that makes, moves or stops reports', () => {
  it.each([
    ['how is MRR?', create],
    ['what is MRR every day of this week?', create],
    ["don't post mrr in #general every day", create],
    ['how is MRR?', stop],
    ['when do you post mrr?', move],
  ])('is refused on "%s"', async (message, call) => {
    expect(await reached(message, call)).toEqual([]);
  });

  it.each([
    ['post mrr in #general every day at 9', create],
    ['can you send mrr to #general daily at 9?', create],
    ['stop the monday one', stop],
    ['move the monday one to 8', move],
  ])('may do so on "%s"', async (message, call) => {
    expect(await reached(message, call)).toEqual([`tool.called ${call.name}`]);
  });
});
