import type { Principal, Scope } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { createAnswerStore } from '../store/answers.ts';
import { recordFeedback, recordReason } from '../store/feedback.ts';
import type { ConversationMemory } from '../store/memory.ts';
import type { Store } from '../store/open-store.ts';
import { createReceiptStore } from '../store/receipts.ts';
import type { SlackPorts } from './services.ts';
import { answerSchema, fileTable, pageCount } from './views/pages.ts';

type Remembered = Pick<
  SlackPorts,
  'keepAnswer' | 'keptAnswer' | 'mayRead' | 'recordFeedback' | 'recordReason' | 'memory'
>;

/** What conversations leave behind, and who may look at it again. */
export function rememberedPorts(parts: {
  store: Store;
  memory: ConversationMemory;
  clock: Clock;
  scopesOf(reader: Principal): readonly Scope[];
}): Remembered {
  const { store, memory, clock } = parts;
  const answers = createAnswerStore(store);
  const receipts = createReceiptStore(store);
  return {
    memory,
    keepAnswer: async ({ turnId, place, principal }, answer) => {
      const isLong = pageCount(answer) > 1 && fileTable(answer.exhibits) === null;
      await answers.keep({
        turnId,
        thread: place,
        userId: principal.userId,
        mode: answer.mode,
        receipts: answer.receipts,
        answer: isLong ? answer : null,
        at: clock.now(),
      });
    },
    keptAnswer: async (turnId) => answerSchema.nullable().parse(await answers.find(turnId)),
    mayRead: async (queryIds, reader, place) => {
      if (!place.internalOnly) return false;
      const scopes = parts.scopesOf(reader);
      for (const queryId of queryIds) {
        const receipt = await receipts.get(queryId);
        if (!receipt?.readers.every((scope) => scopes.includes(scope))) return false;
      }
      return scopes.length > 0;
    },
    recordFeedback: (feedback) => recordFeedback(store, feedback, clock.now()),
    recordReason: (given) => recordReason(store, given),
  };
}
