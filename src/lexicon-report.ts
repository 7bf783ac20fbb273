import type { Json } from './domain/types.ts';
import type { LexiconProposal } from './store/lexicon-choices.ts';

/** A proposal as people read it in the terminal. */
export function describeProposal({
  phrase,
  unread,
  tool,
  input,
  count,
  by,
  lastAt,
}: LexiconProposal): string {
  const times = count === 1 ? 'once' : `${count} times`;
  const unknown = unread.length > 0 ? `; words I do not know: ${unread.join(', ')}` : '';
  const day = new Date(lastAt).toISOString().slice(0, 10);
  return `"${phrase}" was taken for ${tool} ${JSON.stringify(input)}, ${times}, by ${by.join(', ')}, last on ${day}${unknown}`;
}

/** A candidate eval case in the format of the case files: somebody who agrees pastes it there. */
export interface LexiconCase {
  id: string;
  area: 'lexicon';
  note: string;
  user: { role: string };
  where: 'dm';
  turns: string[];
  expect: { tools: { any_of: string[] }; args: { [key: string]: Json }; approval: 'none'; effects: 0 };
}

/** Blanks become what the sandbox binds: any healthy customer, last month. */
export function candidateLexiconCase(proposal: LexiconProposal, number: number): LexiconCase {
  const { phrase, tool, input, count } = proposal;
  const { period: _, ...args } = input;
  const turn = phrase.replaceAll('{customer}', '$healthy').replaceAll('{period}', 'last month');
  return {
    id: `L-${String(number).padStart(3, '0')}`,
    area: 'lexicon',
    note: `picked ${count === 1 ? 'once' : `${count} times`} from the readings offered`,
    user: { role: 'founder' },
    where: 'dm',
    turns: [turn],
    expect: {
      tools: { any_of: [tool] },
      args: args.customer === '{customer}' ? { ...args, customer: '$healthy.id' } : args,
      approval: 'none',
      effects: 0,
    },
  };
}
