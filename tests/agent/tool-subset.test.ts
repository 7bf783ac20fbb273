import { describe, expect, it } from 'vitest';
import { subsetFor } from '../../src/agent/tool-subset.ts';
import { tools } from '../../src/tools/index.ts';
import { saying } from '../tools/saying.ts';

const named = (text: string) => subsetFor(saying(text), tools).map((tool) => tool.name);

describe('the tools a model is shown', () => {
  it.each(tools.flatMap((tool) => tool.examples.map((example) => [example.say, tool.name] as const)))(
    'for "%s" have %s among them',
    (say, name) => expect(named(say)).toContain(name),
  );

  it('are fewer than half of all for a message about one subject', () => {
    expect(named('read me the newest support tickets').length).toBeLessThan(tools.length / 2);
  });

  it('are all where the message names no subject', () => {
    expect(named('hmm, what now')).toHaveLength(tools.length);
  });

  it('stand in the order of the registry, so that they are the same bytes each time', () => {
    const order = tools.map((tool) => tool.name);
    const shown = named('invoices and tickets');
    expect(shown).toEqual(order.filter((name) => shown.includes(name)));
  });
});
