import type { SandboxClient, SandboxMessage, SandboxState, SandboxUser } from '../../sandbox/client.ts';
import { type Launched, launch } from '../../sandbox/launch.ts';

/** A Sunday afternoon before a holiday week: the same world in every integration test. */
export const NOW = '2026-11-22T14:30:00-08:00';

let shared: Promise<Launched> | null = null;

/**
 * The workspace that the test files of one worker share, new as it is after `npm run reset`, on a Sunday afternoon
 * unless another instant is given. Nobody stops it: it ends with the worker.
 */
export async function newWorkspace(now = NOW): Promise<Launched> {
  const running = await shared;
  if (running && running.process.exitCode === null && running.process.signalCode === null) {
    await running.client.reset({ now });
    return running;
  }
  shared = launch({ env: { SANDBOX_NOW: now }, endsWithUs: true });
  const workspace = await shared;
  // Waited for, the world is kept, and the next reset to it is quick.
  await workspace.client.wait(60_000);
  return workspace;
}

/** What a person in the workspace does and sees. */
export class Person {
  constructor(
    readonly client: SandboxClient,
    readonly user: SandboxUser,
  ) {}

  get id(): string {
    return this.user.id;
  }

  /** Says something in the DM (or a thread of it) and waits until Psi has nothing left to do. */
  async ask(text: string, threadTs?: string): Promise<Thread> {
    const posted = await this.client.say({
      user: this.id,
      dm: true,
      text,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    });
    await this.client.wait();
    return new Thread(this, posted.channel, threadTs ?? posted.ts);
  }

  async askIn(channel: string, text: string, threadTs?: string): Promise<Thread> {
    const posted = await this.client.say({
      user: this.id,
      channel,
      text,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    });
    await this.client.wait();
    return new Thread(this, posted.channel, threadTs ?? posted.ts);
  }

  /** The newest card with this button among the person's own DMs. */
  async card(actionId: string): Promise<{ channel: string; message: SandboxMessage }> {
    const { channels } = await this.client.state();
    for (const channel of channels.filter((each) => each.type === 'im' && each.members.includes(this.id))) {
      const messages = await this.client.messages({ channel: channel.id, viewer: this.id });
      const message = messages.findLast((each) => buttonOf(each, actionId) !== undefined);
      if (message) return { channel: channel.id, message };
    }
    throw new Error(`${this.user.name} sees no ${actionId} button`);
  }

  async press(actionId: string, where?: { channel: string; message: SandboxMessage }) {
    const { channel, message } = where ?? (await this.card(actionId));
    const button = buttonOf(message, actionId);
    const answer = await this.client.click({
      user: this.id,
      channel,
      message_ts: message.ts,
      action_id: actionId,
      ...(button?.value ? { value: button.value } : {}),
    });
    await this.client.wait();
    return answer;
  }
}

export class Thread {
  constructor(
    readonly person: Person,
    readonly channel: string,
    readonly ts: string,
  ) {}

  messages(): Promise<SandboxMessage[]> {
    return this.person.client.messages({ channel: this.channel, thread_ts: this.ts, viewer: this.person.id });
  }

  async replies(): Promise<SandboxMessage[]> {
    return (await this.messages()).filter((message) => message.is_bot && !message.ephemeral_to);
  }

  async answer(): Promise<string> {
    return (await this.replies()).map((message) => message.plain).join('\n');
  }

  async card(actionId = 'approval.approve'): Promise<{ channel: string; message: SandboxMessage }> {
    const message = (await this.messages()).findLast((each) => buttonOf(each, actionId) !== undefined);
    if (!message) throw new Error(`no ${actionId} button in the thread:\n${await this.answer()}`);
    return { channel: this.channel, message };
  }

  async whispers(viewer = this.person): Promise<string> {
    const all = await this.person.client.messages({ channel: this.channel, viewer: viewer.id });
    const inThread = await this.person.client.messages({
      channel: this.channel,
      thread_ts: this.ts,
      viewer: viewer.id,
    });
    return [...all, ...inThread]
      .filter((message) => message.ephemeral_to === viewer.id)
      .map((message) => message.plain)
      .join('\n');
  }
}

export function buttonOf(message: SandboxMessage, actionId: string) {
  for (const block of message.blocks) {
    const found = (block.elements ?? []).find((element) => element.action_id === actionId);
    if (found) return found;
  }
  return undefined;
}

/** The people by role: `people.finance[0]`. */
export function peopleOf(client: SandboxClient, state: SandboxState): Record<string, Person[]> {
  const people: Record<string, Person[]> = {};
  for (const user of state.users) {
    const list = people[user.role] ?? [];
    list.push(new Person(client, user));
    people[user.role] = list;
  }
  return people;
}

export function personOf(people: Record<string, Person[]>, role: string, nth = 0): Person {
  const person = people[role]?.[nth];
  if (!person) throw new Error(`no ${role} ${nth}`);
  return person;
}
