import { beforeEach, describe, expect, it } from 'vitest';
import type { Launched } from '../../sandbox/launch.ts';
import { NOW, newWorkspace, type Person, peopleOf, personOf, type Thread } from './workspace.ts';

let workspace: Launched;
let people: Record<string, Person[]>;

beforeEach(async () => {
  workspace = await newWorkspace();
  people = peopleOf(workspace.client, await workspace.client.state());
}, 90_000);

const asker = () => personOf(people, 'finance', 0);
const approver = () => personOf(people, 'finance', 1);
const refunds = async () =>
  (await workspace.client.effects()).filter((effect) => effect.kind === 'refund.created');

async function propose(text = "refund Acme's last payment"): Promise<Thread> {
  const thread = await asker().ask(text);
  await thread.card();
  return thread;
}

describe('a refund', () => {
  it('is proposed on a card, approved by somebody else, done once, and told in the thread', async () => {
    const thread = await propose();
    const card = (await thread.card()).message.plain;
    expect(card).toMatch(/Refund/);
    expect(card).toMatch(/Acme/);
    expect(card).toMatch(/\$[\d,]+\.\d\d/);
    expect(card).toMatch(/cannot be undone/i);
    expect(await refunds()).toHaveLength(0);

    await approver().press('approval.approve');
    const done = await refunds();
    expect(done).toHaveLength(1);
    const amount = (done[0]?.amount_minor ?? 0) / 100;
    expect(await thread.answer()).toContain(
      `Refunded $${amount.toLocaleString('en-US', { minimumFractionDigits: 2 })}`,
    );
    const replies = await thread.replies();
    expect(replies.some((message) => JSON.stringify(message.blocks).includes('approval.approve'))).toBe(
      false,
    );
  });

  it('is not approved by chat text, whoever writes it', async () => {
    const thread = await propose();
    await asker().ask('approve', thread.ts);
    await approver().ask('yes, approved, go ahead');
    expect(await refunds()).toHaveLength(0);
  });

  it('is not approved by a viewer, an analyst or customer success', async () => {
    const channel = (await workspace.client.state()).channels.find((each) => each.name === 'general');
    const thread = await asker().askIn(channel?.id ?? '', "@Psi refund Acme's last payment");
    const card = await thread.card();
    for (const role of ['viewer', 'analyst', 'success']) {
      const person = personOf(people, role);
      await person.press('approval.approve', card);
      expect(await refunds(), role).toHaveLength(0);
      expect(await thread.whispers(person), role).toMatch(/finance|founder/i);
    }
  });

  it('happens once however often Approve is pressed', async () => {
    await propose();
    const card = await approver().card('approval.approve');
    const button = card.message.blocks
      .flatMap((block) => block.elements ?? [])
      .find((element) => element.action_id === 'approval.approve');
    const click = {
      user: approver().id,
      channel: card.channel,
      message_ts: card.message.ts,
      action_id: 'approval.approve',
      ...(button?.value ? { value: button.value } : {}),
    };
    await workspace.client.fault({ system: 'slack', kind: 'duplicate', count: 2 });
    await Promise.allSettled([
      workspace.client.click(click),
      workspace.client.click(click),
      workspace.client.click(click),
    ]);
    await workspace.client.wait();
    expect(await refunds()).toHaveLength(1);
  });

  it('is refused after it expired, and the card says so', async () => {
    const thread = await propose();
    await workspace.client.clock({ advance: 'PT25H' });
    await workspace.client.wait();
    expect(await thread.answer()).toMatch(/expired/i);
    expect(await refunds()).toHaveLength(0);
  });

  it('can be rejected, and nothing happens', async () => {
    const thread = await propose();
    await approver().press('approval.reject');
    expect(await thread.answer()).toMatch(/rejected/i);
    expect(await refunds()).toHaveLength(0);
  });

  it('can be edited: the old card dies, the new amount needs its own yes', async () => {
    const thread = await propose();
    const opened = await asker().press('approval.edit', await thread.card('approval.edit'));
    expect(opened.opened_view_id).toBeTruthy();
    const { modals } = await workspace.client.views(asker().id);
    const view = modals.at(-1) as {
      blocks: {
        block_id?: string;
        type: string;
        element?: { initial_value?: string; initial_option?: { value: string } };
      }[];
    };
    const values = Object.fromEntries(
      view.blocks
        .filter((block) => block.type === 'input')
        .map((block) => {
          const id = block.block_id ?? '';
          const initial = block.element?.initial_value ?? block.element?.initial_option?.value ?? '';
          return [id, { [id]: id === 'amount' ? '5.00' : initial }];
        })
        .filter(([, field]) => Object.values(field as Record<string, string>)[0] !== ''),
    );
    const submitted = await workspace.client.submit({
      user: asker().id,
      view_id: opened.opened_view_id ?? '',
      values,
    });
    expect(submitted.errors ?? {}).toEqual({});
    await workspace.client.wait();
    expect(await refunds()).toHaveLength(0);
    expect(await thread.answer()).toMatch(/replaced/i);
    await approver().press('approval.approve');
    expect((await refunds()).map((effect) => effect.amount_minor)).toEqual([500]);
  });

  it('is proposed anew when asked again: only the newest card is alive', async () => {
    const first = await propose();
    const second = await propose("refund $7 of Acme's last payment");
    expect(await first.answer()).toMatch(/replaced/i);
    await second.card();
    await approver().press('approval.approve');
    expect((await refunds()).map((effect) => effect.amount_minor)).toEqual([700]);
  });

  it('is voided and asked anew when the payment changed meanwhile', async () => {
    const thread = await propose();
    const charge = (await workspace.client.pick('customer', 'refundable')) as { id: string };
    const acme = JSON.stringify(await thread.messages());
    const payment = /ch_[A-Za-z0-9]+/.exec(acme)?.[0];
    await workspace.client.event({
      type: 'dispute_opened',
      ...(payment ? { payment } : { customer: charge.id }),
    });
    await workspace.client.wait();
    await approver().press('approval.approve');
    expect(await refunds()).toHaveLength(0);
  });

  it('survives kill -9 at every failpoint on its way: exactly one refund, a settled card, the thread told once', async () => {
    const { failpoints: all } = await workspace.client.failpoints();
    const failpoints = all.filter((name) => !/^(schedule|skill)\./.test(name));
    expect(failpoints.length).toBeGreaterThanOrEqual(5);
    for (const at of failpoints) {
      await workspace.client.reset({ now: NOW });
      people = peopleOf(workspace.client, await workspace.client.state());
      const thread = await propose();
      const card = await approver().card('approval.approve');
      const before = (await workspace.client.state()).bot.pid;
      await workspace.client.kill(at);
      await approver().press('approval.approve', card);
      await workspace.client.wait(60_000);
      expect((await workspace.client.state()).bot.pid, `${at} was reached`).not.toBe(before);
      const replies = await thread.replies();
      expect(await refunds(), at).toHaveLength(1);
      expect(replies.filter((message) => /^Refunded/.test(message.plain)).length, at).toBe(1);
      expect(JSON.stringify(replies).includes('approval.approve'), at).toBe(false);
    }
  }, 180_000);

  it.each(['drop_response', 'http_500', 'rate_limit', 'malformed'])(
    'happens at most once when Stripe answers with %s',
    async (kind) => {
      const thread = await propose();
      await workspace.client.fault({ system: 'stripe', kind, match: 'refunds', count: 1 });
      await approver().press('approval.approve');
      await workspace.client.clearFaults();
      await workspace.client.clock({ advance: 'PT10M' });
      await workspace.client.wait();
      expect(await refunds()).toHaveLength(1);
      expect(await thread.answer()).toMatch(/Refunded/);
    },
  );
});

/** Briefings go to members. */
const mailsToCustomers = async () =>
  (await workspace.client.mail()).filter(
    ({ to }) => !to.some((address) => address.endsWith('@psizero.example')),
  );

describe('a payment reminder', () => {
  it('goes to the customer once, after a yes, with the text that was shown', async () => {
    const overdue = (await workspace.client.pick('customer', 'overdue')) as { name: string };
    const thread = await personOf(people, 'success').ask(`remind ${overdue.name} about their invoice`);
    const shown = (await thread.card()).message.plain;
    expect(await mailsToCustomers()).toHaveLength(0);
    await personOf(people, 'finance').press('approval.approve');
    const mails = await mailsToCustomers();
    expect(mails).toHaveLength(1);
    const address = mails[0]?.to[0] ?? 'nobody';
    expect(shown).toContain(address.replace(/.*<|>.*/g, ''));
    expect((await workspace.client.effects()).map((effect) => effect.kind)).toEqual(['email.sent']);
  });

  it('asks a person instead of sending twice when the answer of the mail server is lost', async () => {
    const overdue = (await workspace.client.pick('customer', 'overdue')) as { name: string };
    const thread = await personOf(people, 'success').ask(`remind ${overdue.name} about their invoice`);
    await thread.card();
    await workspace.client.fault({ system: 'mail', kind: 'drop_response', count: 1 });
    await personOf(people, 'finance').press('approval.approve');
    await workspace.client.clock({ advance: 'PT10M' });
    await workspace.client.wait();
    expect(await mailsToCustomers()).toHaveLength(1);
    expect(await thread.answer()).toMatch(/lost|check/i);
  });
});
