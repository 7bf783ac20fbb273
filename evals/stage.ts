import type { SandboxClient, SandboxMessage, SandboxState, SandboxUser } from '../sandbox/client.ts';
import type { EvalCase } from './cases.ts';

/** Where the conversation stands: posts, clicks and reads as a person there would. */
export class Stage {
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
        next: 'page.next',
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

export function hasAction(message: SandboxMessage, actionId: string): boolean {
  return buttonsOf(message).some((button) => button.action_id === actionId);
}

export function hasCard(message: SandboxMessage): boolean {
  return buttonsOf(message).some((button) => button.action_id?.startsWith('approval.'));
}

function hasGuest(state: SandboxState, members: readonly string[]): boolean {
  return state.users.some((user) => user.is_guest && members.includes(user.id));
}

/** Who is meant by a role, among those of it: the asker of a case comes first, then the others in the workspace's order. */
export interface Cast {
  asker: SandboxUser;
  /** Another of the asker's own role unless `nth` says which. */
  decider(wanted: { role: string; nth?: number | undefined }): SandboxUser;
}

/** Somebody of the role who lives in the time zone of the case, where there is one; else its first. */
export function castOf(state: SandboxState, { user, tz }: Pick<EvalCase, 'user' | 'tz'>): Cast {
  const asker =
    (user.nth === undefined && ofRole(state, user.role).find((one) => one.tz === tz)) ||
    userOf(state, user.role, user.nth);
  return {
    asker,
    decider({ role, nth }) {
      const others = ofRole(state, role).filter((one) => one.id !== asker.id);
      const people = role === asker.role ? [asker, ...others] : others;
      const person = nth === undefined ? (others[0] ?? asker) : people[nth - 1];
      if (!person) throw new Error(`the workspace has no ${role} number ${nth ?? 1}`);
      return person;
    },
  };
}

const ofRole = (state: SandboxState, role: string) => state.users.filter((user) => user.role === role);

export function userOf(state: SandboxState, role: string, nth = 1): SandboxUser {
  const user = ofRole(state, role)[nth - 1];
  if (!user) throw new Error(`the workspace has no ${role} number ${nth}`);
  return user;
}
