import { analyseUtterance, plainMessage } from '../../src/domain/language/analyse-utterance.ts';
import { buildLexicon } from '../../src/domain/language/lexicon.ts';
import type { PreviousCall, Reading, Utterance } from '../../src/domain/language/utterance.ts';
import { exponentOf } from '../../src/domain/money/exponents.ts';
import { findPeriods } from '../../src/domain/periods/find-periods.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import { tools } from '../../src/tools/index.ts';
import { NOW_AT, portsOver, smallWorld } from '../agent/world.ts';

const lexicon = buildLexicon(tools.flatMap((tool) => tool.examples.map((example) => example.say)));
const ports = portsOver(smallWorld(), openStore(':memory:'));

/** A message as the agent would analyse it, in the small world. */
export async function heard(message: string, previous: readonly PreviousCall[] = []): Promise<Utterance> {
  const text = plainMessage(message);
  const tz = 'America/New_York';
  return analyseUtterance(text, {
    periods: findPeriods(text, { nowAt: NOW_AT, tz }),
    customers: await ports.customers.mentionedIn(text),
    previous,
    lexicon,
    nowAt: NOW_AT,
    tz,
    exponentOf,
    companyCurrency: 'USD',
  });
}

/** The surest reading one tool offers for a message. */
export async function bestReading(
  tool: Tool,
  message: string,
  previous: readonly PreviousCall[] = [],
): Promise<Reading | null> {
  const readings = tool.recognize(await heard(message, previous));
  return readings.sort((a, b) => b.confidence - a.confidence)[0] ?? null;
}

export function toolNamed(name: string): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  return tool;
}
