import type {
  SandboxClient,
  SandboxEffect,
  SandboxMessage,
  SandboxState,
  SandboxUser,
  Truth,
} from '../sandbox/client.ts';
import { createBind } from './bindings.ts';
import type { EvalCase } from './cases.ts';
import { type ObservedCall, observeCalls } from './observe.ts';

/** Everything that was seen from outside while a case ran. */
export interface Transcript {
  messages: SandboxMessage[];
  effects: SandboxEffect[];
  /** Effects that had already happened before the first approving click. */
  effectsBeforeDecision: number;
  calls: ObservedCall[];
  truths: { query: string; truth: Truth }[];
  /** What other roles were shown when they asked the same. */
  others: { role: string; plain: string }[];
  cardFor: { userId: string; messageTs: string; channel: string; value: string } | null;
  choices: boolean;
  /** The expectation with its $names replaced. */
  expect: EvalCase['expect'];
  ms: number;
  tz: string;
  nowAt: number;
}

/** Plays one case against a freshly reset workspace. */
export async function runCase(
  testCase: EvalCase,
  client: SandboxClient,
  dataDir: string,
): Promise<Transcript> {
  const state = await client.state();
  const bind = createBind(client);
  const asker = userOf(state, testCase.user);
  for (const step of testCase.setup) {
    if (step.event) await client.event((await bind(step.event)) as { type: string });
    if (step.fault) await client.fault(step.fault as { system: string; kind: string });
    if (step.model) await client.model(step.model);
  }
  await client.wait();

  const expect = (await bind(testCase.expect)) as EvalCase['expect'];
  const stage = new Stage(client, state, asker, testCase.where);
  const startedAt = performance.now();
  let effectsBeforeDecision: number | null = null;
  for (const turn of testCase.turns) {
    if (typeof turn === 'string') await stage.say(String(await bind(turn)));
    else if ('advance' in turn) await client.clock({ advance: turn.advance });
    else if ('event' in turn) await client.event((await bind(turn.event)) as { type: string });
    else {
      effectsBeforeDecision ??= (await client.effects()).length;
      await stage.click(turn.click, turn.by ? userOf(state, turn.by) : asker, turn.choice);
    }
    await client.wait(60_000);
  }
  const ms = performance.now() - startedAt;
  const now = (await client.state()).now;
  const truths = await Promise.all(
    (expect.numbers ?? []).map(async ({ truth, at, ...parameters }) => ({
      query: truth,
      truth: await client.truth(truth, { ...asQuery(parameters), ...(at && at !== 'now' ? { at } : {}) }),
    })),
  );
  const messages = await stage.messages();
  const effects = await client.effects();
  const question = testCase.turns.filter((turn) => typeof turn === 'string').at(-1);
  const calls = observeCalls(dataDir).calls;
  return {
    messages,
    effects,
    effectsBeforeDecision: effectsBeforeDecision ?? effects.length,
    calls,
    truths,
    others: expect.readers && question ? await askAsOthers(client, state, String(await bind(question))) : [],
    cardFor: stage.card(messages),
    choices: messages.some((message) => hasAction(message, 'choice.pick')),
    expect,
    ms,
    tz: testCase.tz ?? asker.tz,
    nowAt: Date.parse(now),
  };
}

/** Where the conversation stands: posts, clicks and reads as a person there would. */
class Stage {
  #channel: string | null = null;
  #thread: string | undefined;

  constructor(
    private readonly client: SandboxClient,
    private readonly state: SandboxState,
    private readonly asker: SandboxUser,
    private readonly where: EvalCase['where'],
  ) {
    if (where === 'dm') return;
    const wantsShared = where === 'shared_channel';
    const channel = state.channels.find(
      (candidate) =>
        candidate.type !== 'im' &&
        candidate.is_ext_shared === wantsShared &&
        candidate.members.includes(asker.id) &&
        candidate.members.includes(state.bot.user_id) &&
        (wantsShared || !hasGuest(state, candidate.members)),
    );
    if (!channel) throw new Error(`no channel for ${where} with ${asker.name} in it`);
    this.#channel = channel.id;
  }

  async say(text: string): Promise<void> {
    const posted = await this.client.say(
      this.where === 'dm'
        ? { user: this.asker.id, dm: true, text, ...(this.#thread ? { thread_ts: this.#thread } : {}) }
        : {
            user: this.asker.id,
            channel: this.#channel ?? '',
            text: this.#thread ? text : `@Psi ${text}`,
            ...(this.#thread ? { thread_ts: this.#thread } : {}),
          },
    );
    this.#channel = posted.channel;
    this.#thread ??= posted.ts;
  }

  async messages(): Promise<SandboxMessage[]> {
    if (!this.#channel) return [];
    const all = await this.client.messages({
      channel: this.#channel,
      viewer: this.asker.id,
      ...(this.#thread ? { thread_ts: this.#thread } : {}),
    });
    return all.filter((message) => message.is_bot);
  }

  async click(action: string, by: SandboxUser, choice: string | undefined): Promise<void> {
    const actionId =
      {
        approve: 'approval.approve',
        reject: 'approval.reject',
        undo: 'approval.undo',
        choice: 'choice.pick',
        receipt: 'receipt.show',
      }[action] ?? action;
    const messages = await this.messages();
    const message = messages.findLast((candidate) => hasAction(candidate, actionId));
    if (!message) throw new Error(`no ${actionId} button to click`);
    const button = buttonsOf(message).find(
      (candidate) =>
        candidate.action_id === actionId && (!choice || new RegExp(choice, 'i').test(candidate.text ?? '')),
    );
    const channel = this.#channel ?? '';
    const visible = this.state.channels
      .find((candidate) => candidate.id === channel)
      ?.members.includes(by.id);
    const target =
      this.where === 'dm' && by.id !== this.asker.id && !visible ? await this.copyFor(by, actionId) : null;
    await this.client.click({
      user: by.id,
      channel: target?.channel ?? channel,
      message_ts: target?.ts ?? message.ts,
      action_id: actionId,
      ...(button?.value ? { value: button.value } : {}),
    });
  }

  /** A decider who is not in the asker's thread uses the copy in their own DM. */
  private async copyFor(user: SandboxUser, actionId: string): Promise<{ channel: string; ts: string }> {
    const { channels } = await this.client.state();
    for (const channel of channels.filter(
      (candidate) => candidate.type === 'im' && candidate.members.includes(user.id),
    )) {
      const messages = await this.client.messages({ channel: channel.id, viewer: user.id });
      const message = messages.findLast((candidate) => hasAction(candidate, actionId));
      if (message) return { channel: channel.id, ts: message.ts };
    }
    throw new Error(`${user.name} has no card to click`);
  }

  card(messages: SandboxMessage[]): Transcript['cardFor'] {
    const message = messages.findLast((candidate) => hasAction(candidate, 'approval.approve'));
    const button = message
      ? buttonsOf(message).find((item) => item.action_id === 'approval.approve')
      : undefined;
    if (!message || !button) return null;
    return {
      userId: this.asker.id,
      messageTs: message.ts,
      channel: this.#channel ?? '',
      value: button.value ?? '',
    };
  }
}

function buttonsOf(message: SandboxMessage): { action_id?: string; value?: string; text?: string }[] {
  return message.blocks.flatMap((block) =>
    (block.elements ?? []).map((element) => ({
      ...(element.action_id ? { action_id: element.action_id } : {}),
      ...(element.value ? { value: element.value } : {}),
      ...(element.text ? { text: element.text.text } : {}),
    })),
  );
}

function hasAction(message: SandboxMessage, actionId: string): boolean {
  return buttonsOf(message).some((button) => button.action_id === actionId);
}

function hasGuest(state: SandboxState, members: readonly string[]): boolean {
  return state.users.some((user) => user.is_guest && members.includes(user.id));
}

function userOf(state: SandboxState, wanted: { role: string; nth?: number | undefined }): SandboxUser {
  const user = state.users.filter((candidate) => candidate.role === wanted.role)[(wanted.nth ?? 1) - 1];
  if (!user) throw new Error(`the workspace has no ${wanted.role} number ${wanted.nth ?? 1}`);
  return user;
}

async function askAsOthers(client: SandboxClient, state: SandboxState, question: string) {
  const roles = [...new Set(state.users.map((user) => user.role))];
  const others: { role: string; plain: string }[] = [];
  for (const role of roles) {
    const user = userOf(state, { role });
    const posted = await client.say({ user: user.id, dm: true, text: question });
    await client.wait();
    const messages = await client.messages({
      channel: posted.channel,
      thread_ts: posted.ts,
      viewer: user.id,
    });
    const plain = messages
      .filter((message) => message.is_bot)
      .map((message) => message.plain)
      .join('\n');
    others.push({ role, plain });
  }
  return others;
}

function asQuery(parameters: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
}
