import type { WebClient } from '@slack/web-api';
import type { InvoiceChannel, Parcel } from '../domain/billing/delivery/ports.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import { listJoined } from './alert-targets.ts';
import { repeatable, waitingForRate } from './delivery/call-slack.ts';
import type { Poster } from './delivery/poster.ts';
import type { SlackDirectory } from './directory.ts';
import { isOutsider } from './outsiders.ts';
import { listMembers, rowOf, userSchema } from './slack-people.ts';
import { mrkdwn, section } from './views/blocks.ts';

/**
 * Invoices into the channel a customer shares with the company, where everybody from outside is that customer's and
 * somebody of theirs is there. Whose address cannot be seen counts as a stranger: then nothing is posted.
 */
export function createCustomerChannel(parts: {
  clientFor: (teamId: string) => WebClient;
  teamId: string;
  directory: Pick<SlackDirectory, 'members'>;
  poster: Pick<Poster, 'post'>;
}): InvoiceChannel {
  const { clientFor, teamId, directory, poster } = parts;
  const client = () => clientFor(teamId);

  async function outsidersIn(channelId: string): Promise<(string | null)[]> {
    const insiders = new Set(
      (await directory.members(teamId)).filter((member) => !isOutsider(member)).map(({ userId }) => userId),
    );
    const others = (await listMembers(client(), channelId)).filter((id) => !insiders.has(id));
    const rows = await Promise.all(
      others.map(async (user) => {
        const answer = await repeatable(() => client().users.info({ user }));
        return rowOf(userSchema.parse(answer.user), 'UTC');
      }),
    );
    return rows.filter(({ isBot }) => !isBot).map(({ email }) => email);
  }

  async function checkedChannel({ delivery, customer }: Parcel): Promise<string> {
    const name = delivery.address;
    const channelId = (await listJoined(client())).get(name);
    if (channelId === undefined)
      throw new UserError('not_found', `There is no channel #${name} that I am in.`, 'Invite me there.');
    const outsiders = await outsidersIn(channelId);
    const theirs = outsiders.every((email) => email !== null && isOf(email, customer.domain));
    if (outsiders.length === 0 || !theirs)
      throw new UserError('not_allowed', `#${name} is not shared with ${customer.name} alone.`);
    return channelId;
  }

  return {
    kind: 'message.posted',
    system: 'slack',
    async send(parcel, key) {
      const channelId = await checkedChannel(parcel).catch((error: unknown) => {
        if (error instanceof UserError) throw error;
        // Nothing was posted yet.
        throw new SystemError('source_unavailable', 'Slack does not answer', { cause: error });
      });
      const { message, pdf, document } = parcel;
      const link = document.payment.url === null ? '' : `\n${document.payment.url}`;
      const text = `${message.subject}${link}`;
      const posted = await poster
        .post(`invoice:${key}`, { teamId, channelId, text, blocks: [section(mrkdwn(text))] })
        .catch((cause: unknown) => {
          throw new SystemError('effect_unknown', 'Slack did not say whether it took the message', { cause });
        });
      await waitingForRate(() =>
        client().filesUploadV2({
          channel_id: channelId,
          thread_ts: posted.ts,
          file: Buffer.from(pdf.bytes),
          filename: pdf.fileName,
          title: pdf.fileName,
          alt_text: message.subject,
        }),
      ).catch((cause: unknown) => {
        throw new SystemError('effect_unknown', 'Slack did not say whether it took the PDF', { cause });
      });
      return { outsideId: `${channelId}:${posted.ts}` };
    },
  };
}

/** At the customer's domain, or one below it. */
function isOf(email: string, domain: string): boolean {
  const host = email.toLowerCase().split('@').at(-1) ?? '';
  const own = domain.toLowerCase();
  return own !== '' && (host === own || host.endsWith(`.${own}`));
}
