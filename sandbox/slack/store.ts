import type { z } from 'zod';
import type { KeyValueStore, Sandbox } from '../core/types.ts';
import {
  type Envelope,
  envelopeSchema,
  fileSchema,
  type Message,
  messageSchema,
  type SlackFile,
  type ThreadState,
  threadStateSchema,
  type View,
  viewSchema,
} from './records.ts';
import { BOT, CHANNELS, PEOPLE } from './workspace.ts';

export interface Channel {
  id: string;
  name: string;
  type: 'im' | 'channel' | 'group';
  topic: string;
  members: ReadonlySet<string>;
  isExtShared: boolean;
}

/** One collection in memory, written through to the durable store. */
class Kept<T> {
  readonly #records = new Map<string, T>();
  readonly #keep: KeyValueStore;
  readonly #name: string;

  constructor(keep: KeyValueStore, name: string, schema: z.ZodType<T>) {
    this.#keep = keep;
    this.#name = name;
    for (const row of keep.all(name)) this.#records.set(row.id, schema.parse(row.value));
  }

  get(id: string): T | null {
    return this.#records.get(id) ?? null;
  }

  all(): T[] {
    return [...this.#records.values()];
  }

  set(id: string, record: T): void {
    this.#records.set(id, record);
    this.#keep.set(this.#name, id, record);
  }

  delete(id: string): void {
    this.#records.delete(id);
    this.#keep.delete(this.#name, id);
  }

  clear(): void {
    for (const id of [...this.#records.keys()]) this.delete(id);
  }
}

/** Everything Slack remembers: messages, views, files, threads, undelivered envelopes. */
export class SlackStore {
  readonly views: Kept<View>;
  readonly files: Kept<SlackFile>;
  readonly threads: Kept<ThreadState>;
  readonly outbox: Kept<Envelope>;
  readonly #messages: Kept<Message>;
  /** Message keys by channel, in order of posting. */
  readonly #byChannel = new Map<string, string[]>();
  readonly #openStreams = new Set<string>();
  #lastMicros = 0;
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    const keep = sandbox.keep;
    this.#sandbox = sandbox;
    this.views = new Kept(keep, 'slack_views', viewSchema);
    this.files = new Kept(keep, 'slack_files', fileSchema);
    this.threads = new Kept(keep, 'slack_threads', threadStateSchema);
    this.outbox = new Kept(keep, 'slack_outbox', envelopeSchema);
    this.#messages = new Kept(keep, 'slack_messages', messageSchema);
    const loaded = this.#messages.all().sort((a, b) => (a.ts < b.ts ? -1 : 1));
    for (const message of loaded) this.#index(message);
  }

  clear(): void {
    for (const kept of [this.views, this.files, this.threads, this.outbox, this.#messages]) kept.clear();
    this.#byChannel.clear();
    this.#openStreams.clear();
    this.#lastMicros = 0;
  }

  /** A unique, increasing `seconds.micros` of the simulated now. */
  nextTs(): string {
    this.#lastMicros = Math.max(this.#sandbox.world.now() * 1000, this.#lastMicros + 1);
    const seconds = Math.floor(this.#lastMicros / 1_000_000);
    return `${seconds}.${String(this.#lastMicros % 1_000_000).padStart(6, '0')}`;
  }

  message(channel: string, ts: string): Message | null {
    return this.#messages.get(`${channel}:${ts}`);
  }

  putMessage(message: Message): void {
    const key = `${message.channel}:${message.ts}`;
    if (this.#messages.get(key) === null) this.#index(message);
    this.#messages.set(key, message);
    if (message.stream?.open === true) this.#openStreams.add(key);
    else this.#openStreams.delete(key);
  }

  deleteMessage(message: Message): void {
    const key = `${message.channel}:${message.ts}`;
    this.#messages.delete(key);
    this.#openStreams.delete(key);
    const keys = this.#byChannel.get(message.channel) ?? [];
    const at = keys.indexOf(key);
    if (at >= 0) keys.splice(at, 1);
  }

  /** In order of posting. */
  messagesOf(channel: string): Message[] {
    return (this.#byChannel.get(channel) ?? []).flatMap((key) => this.#messages.get(key) ?? []);
  }

  replies(channel: string, threadTs: string): Message[] {
    return this.messagesOf(channel).filter(
      (message) => message.threadTs === threadTs && message.ts !== threadTs,
    );
  }

  openStreams(): Message[] {
    return [...this.#openStreams].flatMap((key) => this.#messages.get(key) ?? []);
  }

  #index(message: Message): void {
    const key = `${message.channel}:${message.ts}`;
    const keys = this.#byChannel.get(message.channel) ?? [];
    keys.push(key);
    this.#byChannel.set(message.channel, keys);
    if (message.stream?.open === true) this.#openStreams.add(key);
    const [seconds, micros] = message.ts.split('.');
    this.#lastMicros = Math.max(this.#lastMicros, Number(seconds) * 1_000_000 + Number(micros));
  }
}

const CHANNEL_TABLE: ReadonlyMap<string, Channel> = new Map(
  [
    ...CHANNELS.map((seed): Channel => ({ ...seed, members: new Set(seed.members) })),
    ...PEOPLE.map(
      (person): Channel => ({
        id: person.dmId,
        name: '',
        type: 'im',
        topic: '',
        members: new Set([person.id, BOT.userId]),
        isExtShared: false,
      }),
    ),
  ].map((channel) => [channel.id, channel]),
);

export function allChannels(): Channel[] {
  return [...CHANNEL_TABLE.values()];
}

export function findChannel(id: string): Channel | null {
  return CHANNEL_TABLE.get(id) ?? null;
}
