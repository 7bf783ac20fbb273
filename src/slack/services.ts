import type { WebClient } from '@slack/web-api';
import type { Answer } from '../agent/turn.ts';
import type { Door } from '../approvals/types.ts';
import type { AlertDesk, AlertRecord } from '../domain/alerts/alert.ts';
import type { InvoiceDocument } from '../domain/billing/document/invoice-document.ts';
import type { PeopleSettings } from '../domain/people/settings.ts';
import type { DeadTurn } from '../domain/schedule/run.ts';
import type { Place, Principal } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';
import type { AlertCard } from '../store/alert-cards.ts';
import type { BriefingLedger } from '../store/briefings.ts';
import type { Feedback, FeedbackReason } from '../store/feedback.ts';
import type { ConversationMemory } from '../store/memory.ts';
import type { Transcript } from '../store/transcript.ts';
import type { Cards } from './cards.ts';
import type { Conversation, IncomingText } from './conversation.ts';
import type { Poster } from './delivery/poster.ts';
import type { SlackDirectory } from './directory.ts';
import type { HomeScreens } from './home-screens.ts';
import type { Inbox } from './inbox.ts';
import type { HomeData } from './views/home/data.ts';
import type { ReceiptCheck } from './views/receipt.ts';
import type { Word } from './words/define-word.ts';

/** What the buttons of an alert need beside Slack's own. */
export interface AlertButtons {
  desk: AlertDesk;
  card(id: string): AlertCard | null;
  get(alertId: string): AlertRecord | null;
}

/** What the rest of Psi gives to Slack: everything a listener may ask for that is not Slack's own. */
export interface SlackPorts {
  door: Door;
  /** The JSON Schema of a tool's input, for the edit form. */
  inputSchemaOf(tool: string): unknown;
  /** The receipt behind a number and what the same question gives now. Throws UserError when the reader may not see it. */
  explain(queryId: string, reader: Principal, place: Place): Promise<ReceiptCheck>;
  home(reader: Principal): Promise<HomeData>;
  alerts: AlertButtons;
  /** Psi has spoken in this thread, so a follow-up needs no mention. */
  takesPart(place: Pick<Place, 'teamId' | 'channelId' | 'threadTs'>): Promise<boolean>;
  /** People's own settings, and what they were told in the morning. */
  briefing: { settings: PeopleSettings; ledger: Pick<BriefingLedger, 'posted'>; transcript: Transcript };
  /** What `/psi <word>` can do beside answering questions. */
  words: readonly Word[];
  examples(reader: Principal): string[];
  /** Tells of each turn of a schedule that was given up. */
  onDeadTurn(listener: (dead: DeadTurn) => Promise<void>): void;
  recordFeedback(feedback: Feedback): Promise<void>;
  /** Why an answer did not help; says nothing where nobody said so. */
  recordReason(given: FeedbackReason): Promise<void>;
  /** Keeps an answer for its pages, its feedback and its being forgotten. */
  keepAnswer(turn: Pick<IncomingText, 'turnId' | 'place' | 'principal'>, answer: Answer): Promise<void>;
  /** The whole of an answer that has pages; null when it had none or is not kept any more. */
  keptAnswer(turnId: string): Promise<Answer | null>;
  /** Whether this reader may see, in this place, what these receipts stand for. */
  mayRead(queryIds: readonly string[], reader: Principal, place: Place): Promise<boolean>;
  memory: ConversationMemory;
  /** An invoice as PDF. */
  print(document: InvoiceDocument): Promise<Uint8Array>;
}

/** What a listener is given. */
export interface SlackServices extends SlackPorts {
  /** A workspace's client, for reads, views and statuses; messages go through the poster. */
  clientFor(teamId: string): WebClient;
  directory: SlackDirectory;
  inbox: Inbox;
  conversation: Conversation;
  cards: Cards;
  homes: HomeScreens;
  poster: Poster;
  pending: PendingWork;
  clock: Clock;
  logger: Logger;
}
