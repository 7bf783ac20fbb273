import { extractFigures } from '../domain/language/figures.ts';
import type { Exchange } from './memory.ts';
import type { WireMessage } from './state.ts';

/** The newest turns of a thread that go to the model as they were said. */
const WHOLE_TURNS = 4;
const LONGEST_WORDS = 2_000;
const LONGEST_LINE = 120;

interface PastTurn {
  question: string;
  answers: Exchange[];
}

/**
 * What was said before in the thread, as the model gets it: the last turns whole, those before them as a line each:
 * the question, the tools that answered it and the first figure of the answer. No model summarises: a summary that
 * is made of the transcript alone invents nothing.
 */
export function historyFor(exchanges: readonly Exchange[]): WireMessage[] {
  const turns = turnsOf(exchanges);
  const older = turns.slice(0, -WHOLE_TURNS);
  const summary: WireMessage[] =
    older.length === 0
      ? []
      : [{ role: 'user', text: ['Earlier in this thread, in short:', ...older.map(lineOf)].join('\n') }];
  return [...summary, ...turns.slice(-WHOLE_TURNS).flatMap(whole)];
}

function turnsOf(exchanges: readonly Exchange[]): PastTurn[] {
  const turns: PastTurn[] = [];
  for (const exchange of exchanges) {
    const last = turns.at(-1);
    if (exchange.role === 'user' || last === undefined)
      turns.push({
        question: exchange.role === 'user' ? exchange.text : '',
        answers: exchange.role === 'user' ? [] : [exchange],
      });
    else last.answers.push(exchange);
  }
  return turns;
}

function whole({ question, answers }: PastTurn): WireMessage[] {
  const asked: WireMessage[] =
    question === '' ? [] : [{ role: 'user', text: question.slice(0, LONGEST_WORDS) }];
  const said = answers.map(
    ({ text }): WireMessage => ({ role: 'assistant', text: text.slice(0, LONGEST_WORDS), calls: [] }),
  );
  return [...asked, ...said];
}

function lineOf({ question, answers }: PastTurn): string {
  const tools = [...new Set(answers.flatMap((answer) => answer.tools))];
  const figure = answers
    .flatMap(({ text }) => extractFigures(text))
    .find(({ kind }) => kind === 'money' || kind === 'percent' || kind === 'number')?.text;
  const asked = question.replace(/\s+/g, ' ').trim().slice(0, LONGEST_LINE);
  return `- "${asked}" -> ${[tools.join(', ') || 'no tool', figure].filter(Boolean).join(': ')}`;
}
