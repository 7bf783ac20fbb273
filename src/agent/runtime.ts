import type { CompanyWords } from '../domain/language/company-words.ts';
import type { Lexicon } from '../domain/language/lexicon.ts';
import type { LexiconChoice } from '../domain/language/lexicon-choice.ts';
import type { PreviousCall } from '../domain/language/utterance.ts';
import type { CustomerDirectory, SkillRuns } from '../domain/ports.ts';
import type { Company, Json, Place, Principal, Scope } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { ToolRunner } from '../tools/tool-call.ts';
import type { ModelGuard } from './model-guard.ts';
import type { ModelUsage } from './model-usage.ts';
import type { LanguageModel, ModelSource } from './models.ts';
import type { Patience, TurnBudget } from './patience.ts';
import type { SystemPrompt } from './prompts.ts';
import type { ReadWords } from './read-message.ts';
import type { Offer } from './state.ts';
import type { TurnEvent, TurnRequest } from './turn.ts';

/** What the agent is made of; the composition root fills it in. */
export interface AgentDeps {
  tools: readonly Tool[];
  runner: Pick<ToolRunner, 'run'>;
  models: ModelSource;
  prompts: SystemPrompt;
  /** Names the version of the prompts in force. */
  promptHash(): string;
  modelGuard: ModelGuard;
  transcript: TranscriptPort;
  customers: Pick<CustomerDirectory, 'mentionedIn' | 'get'>;
  skills: Pick<SkillRuns, 'skills'>;
  /** The company's own names for plans, regions, channels and people; without it none are known. */
  words?(asker: Principal): Promise<CompanyWords>;
  scopesOf(principal: Principal): readonly Scope[];
  company: Company;
  clock: Clock;
  logger: Logger;
  /** Where readings that people picked are written down; never applied by themselves. */
  lexiconChoices?: { note(choice: LexiconChoice & PickedIn): Promise<void> };
  /** Hosts that links in answers may lead to. */
  allowedHosts: readonly string[];
  /** How long a failed model is waited for; real time unless told. */
  patience?: Patience;
}

/** Who picked a reading, when, and whose words it was of. */
export interface PickedIn {
  teamId: string;
  userId: string;
  turnId: string;
  askedTurnId: string;
  at: number;
}

export interface TranscriptPort {
  recent(thread: Thread, limit: number): Promise<TranscriptEntry[]>;
  find(turnId: string, role: 'user' | 'assistant'): Promise<TranscriptEntry | null>;
  put(thread: Thread, entry: TranscriptEntry): Promise<void>;
}

type Thread = Pick<Place, 'teamId' | 'channelId' | 'threadTs'>;

export interface TranscriptEntry {
  turnId: string;
  role: 'user' | 'assistant';
  userId: string | null;
  content: Json;
  at: number;
}

/** What one turn needs beside its state: the parts that are not plain JSON. */
export interface TurnRuntime {
  request: TurnRequest;
  /** Those the asker's role may use. */
  permitted: readonly Tool[];
  /** Null is rules mode; a model that fails is taken out for the rest of the turn. */
  model: LanguageModel | null;
  lexicon: Lexicon;
  /** Set once the message has been prepared. */
  read: ReadWords | null;
  offered: readonly Offer[];
  /** The message that those were offered for. */
  offeredFor: { turnId: string; text: string } | null;
  /** The person's own words in this thread, newest last: what a proposal may be made from. */
  ownWords: string[];
  previous: PreviousCall[];
  /** Counted up call by call. */
  usage: ModelUsage;
  budget: TurnBudget;
  /** Of the prompts this turn is asked with; null in rules mode. */
  promptHash: string | null;
  /** Filled in at the first call. */
  systemPrompt: string | null;
  /** The model looked for a tool it was not shown: from then on it sees all. */
  showAll: boolean;
  /** Tools of the latest call, and whether that was all there are for this person. */
  shown: { count: number; all: boolean };
  emit(event: TurnEvent): void;
}

export interface NodeContext {
  deps: AgentDeps;
  runtimeOf(turnId: string): TurnRuntime;
}
