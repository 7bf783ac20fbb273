import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { z } from 'zod';
import { callsOf, type Decision } from './rules/decision.ts';

/** What the planner says beside its words, carried on the message. */
export const plannerNoteSchema = z.object({
  choices: z.array(z.object({ label: z.string(), say: z.string() })),
  offers: z.array(
    z.object({ label: z.string(), say: z.string(), tool: z.string(), input: z.record(z.string(), z.json()) }),
  ),
  interpretation: z.string().nullable(),
  /** Of each call, in order, where there are several. */
  interpretations: z.array(z.string()),
});

export type PlannerNote = z.output<typeof plannerNoteSchema>;

/**
 * Rules mode: a chat model that thinks by the tools' own grammar instead of a network, so that the same graph,
 * gates and views run. One is made for each turn; after its call has been answered it repeats the narrations.
 */
export class PlannerChatModel extends BaseChatModel {
  readonly #decide: () => Decision;

  constructor(decide: () => Decision) {
    super({});
    this.#decide = decide;
  }

  override _llmType(): string {
    return 'rules';
  }

  override bindTools(): this {
    return this;
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const message = this.#reply(messages);
    return { generations: [{ text: message.text, message }] };
  }

  #reply(messages: BaseMessage[]): AIMessage {
    const answered = messages.at(-1)?.getType() === 'tool';
    if (answered) return new AIMessage('');
    const decision = this.#decide();
    const calls = callsOf(decision);
    if (decision.kind === 'call' || decision.kind === 'calls') {
      const offers = decision.kind === 'calls' ? (decision.offers ?? []) : [];
      const interpretations = calls.map((call) => call.interpretation);
      return new AIMessage({
        content: decision.words ?? '',
        tool_calls: calls.map((call, index) => ({
          id: `rules-${index + 1}`,
          name: call.tool,
          args: call.input,
          type: 'tool_call',
        })),
        additional_kwargs: note({
          interpretation: interpretations.join('; '),
          interpretations,
          offers,
          choices: offers.map(({ label, say }) => ({ label, say })),
        }),
      });
    }
    if (decision.kind === 'ask') {
      const choices = decision.offers.map(({ label, say }) => ({ label, say }));
      return new AIMessage({
        content: decision.text,
        additional_kwargs: note({ choices, offers: decision.offers }),
      });
    }
    return new AIMessage({
      content: decision.text,
      additional_kwargs: note({ choices: decision.suggestions }),
    });
  }
}

function note(part: Partial<PlannerNote>): { rules: PlannerNote } {
  return { rules: { choices: [], offers: [], interpretation: null, interpretations: [], ...part } };
}
