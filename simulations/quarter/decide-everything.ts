import type { SandboxClient, SandboxMessage, SandboxUser } from '../../sandbox/client.ts';

const APPROVE = 'approval.approve';
/** An approval may need two people, and what it sets free may ask again. */
const ROUNDS = 5;

/** Whoever may say yes reads their DM and approves every card that waits. Returns how many were approved. */
export async function decideEverything(
  client: SandboxClient,
  deciders: readonly SandboxUser[],
): Promise<number> {
  const { channels } = await client.state();
  let approved = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    let pressed = 0;
    for (const person of deciders) {
      const dm = channels.find(({ type, members }) => type === 'im' && members.includes(person.id));
      if (!dm) throw new Error(`${person.name} has no DM with the bot`);
      for (const message of await client.messages({ channel: dm.id, viewer: person.id })) {
        const value = approveValue(message);
        if (value === null) continue;
        const click = { user: person.id, channel: dm.id, message_ts: message.ts, action_id: APPROVE, value };
        // A card may have been decided by somebody else since it was read.
        if (
          await client.click(click).then(
            () => true,
            () => false,
          )
        )
          pressed += 1;
        await client.wait(180_000);
      }
    }
    approved += pressed;
    if (pressed === 0) return approved;
  }
  return approved;
}

function approveValue(message: SandboxMessage): string | null {
  const elements = message.blocks.flatMap((block) => block.elements ?? []);
  return elements.find((element) => element.action_id === APPROVE)?.value ?? null;
}
