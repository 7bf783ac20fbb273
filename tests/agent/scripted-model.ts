import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import type { LanguageModel } from '../../src/agent/models.ts';

export type Line =
  | string
  | { calls: { name: string; args: Record<string, unknown> }[]; text?: string }
  | { broken: string }
  | Error;

/** A model that says its lines one after the other, whatever it is asked; the last one again and again. */
export class ScriptedModel extends BaseChatModel {
  readonly heard: BaseMessage[][] = [];
  readonly toolsShown: string[][] = [];
  #next = 0;

  constructor(readonly lines: readonly Line[]) {
    super({});
  }

  override _llmType(): string {
    return 'scripted';
  }

  override bindTools(tools: unknown[]): this {
    this.toolsShown.push(
      [...JSON.stringify(tools).matchAll(/"function":\{"name":"(\w+)"/g)].map((match) => match[1] ?? ''),
    );
    return this;
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    this.heard.push(messages);
    const line = this.lines[Math.min(this.#next, this.lines.length - 1)] ?? '';
    this.#next += 1;
    if (line instanceof Error) throw line;
    const message = this.#say(line);
    return { generations: [{ text: message.text, message }] };
  }

  #say(line: Exclude<Line, Error>): AIMessage {
    if (typeof line === 'string') return new AIMessage(line);
    const id = `call-${this.#next}`;
    if ('broken' in line) {
      const invalid = {
        id,
        name: 'list_invoices',
        args: line.broken,
        error: 'bad',
        type: 'invalid_tool_call' as const,
      };
      return new AIMessage({ content: '', invalid_tool_calls: [invalid] });
    }
    const calls = line.calls.map((call, index) => ({
      ...call,
      id: `${id}-${index}`,
      type: 'tool_call' as const,
    }));
    return new AIMessage({ content: line.text ?? '', tool_calls: calls });
  }
}

export function scripted(...lines: Line[]): { model: LanguageModel; chat: ScriptedModel } {
  const chat = new ScriptedModel(lines);
  return { model: { name: 'scripted', chat: async () => chat }, chat };
}
