import type { Sandbox } from '../core/types.ts';
import { Channels } from './channels.ts';
import { Kept } from './kept.ts';
import { People } from './people.ts';
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
import { Teams } from './teams.ts';

/** Everything Slack remembers: messages, views, files, threads, undelivered envelopes. */
export class SlackStore {
  readonly views: Kept<View>;
  readonly files: Kept<SlackFile>;
  readonly threads: Kept<ThreadState>;
  readonly outbox: Kept<Envelope>;
  readonly teams: Teams;
  readonly people: People;
  readonly channels: Channels;
  readonly #messages: Kept<Message>;
  /** Message keys by channel, in order of posting. */
  readonly #byChannel = new Map<string, string[]>();
  readonly #openStreams = new Set<string>();
  #lastMicros = 0;
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.views = new Kept(sandbox, 'slack_views', viewSchema);
    this.files = new Kept(sandbox, 'slack_files', fileSchema);
    this.threads = new Kept(sandbox, 'slack_threads', threadStateSchema);
    this.outbox = new Kept(sandbox, 'slack_outbox', envelopeSchema);
    this.teams = new Teams(sandbox);
    this.people = new People(sandbox, this.teams);
    this.channels = new Channels(sandbox, this.people);
    this.#messages = new Kept(sandbox, 'slack_messages', messageSchema);
    this.#indexAll();
  }

  /** Reads again what is kept. */
  reload(): void {
    for (const kept of [this.views, this.files, this.threads, this.outbox, this.#messages]) kept.reload();
    this.teams.reload();
    this.people.reload();
    this.channels.reload();
    this.#indexAll();
  }

  clear(): void {
    for (const kept of [this.views, this.files, this.threads, this.outbox, this.#messages]) kept.clear();
    this.teams.clear();
    this.people.clear();
    this.channels.clear();
    this.#byChannel.clear();
    this.#openStreams.clear();
    this.#lastMicros = 0;
  }

  /** After a workspace came to be. */
  rebuild(): void {
    this.people.rebuild();
    this.channels.rebuild();
  }

  /** Who installs apps in a workspace. */
  readonly founderOf = (teamId: string): string =>
    this.people.all().find((person) => person.workspaceId === teamId && person.role === 'founder')?.id ?? '';

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

  #indexAll(): void {
    this.#byChannel.clear();
    this.#openStreams.clear();
    this.#lastMicros = 0;
    const loaded = this.#messages.all().sort((a, b) => (a.ts < b.ts ? -1 : 1));
    for (const message of loaded) this.#index(message);
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
