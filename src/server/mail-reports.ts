import type { MailFate, MailReportReader } from '../domain/billing/delivery/ports.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';

export interface MailReports {
  /** Under /webhooks/. */
  paths: readonly string[];
  /** What it returns is the HTTP status; 200 once everything said is written down. */
  receive(
    path: string,
    body: Buffer,
    headers: Readonly<Record<string, string | undefined>>,
  ): Promise<200 | 400 | 404>;
}

/** Takes what carriers say of mails. Whoever reports tries again until it is taken, and the same twice changes nothing. */
export function createMailReports(parts: {
  readers: readonly MailReportReader[];
  told(fate: MailFate): Promise<void>;
  pending: PendingWork;
  clock: Clock;
  logger: Logger;
}): MailReports {
  const { readers, told, pending, clock, logger } = parts;
  return {
    paths: readers.map(({ path }) => path),
    async receive(path, body, headers) {
      const reader = readers.find((candidate) => candidate.path === path);
      if (reader === undefined) return 404;
      try {
        const fates = reader.read(body, headers, clock.now());
        await pending.track(async () => {
          for (const fate of fates) await told(fate);
        });
        return 200;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        logger.warn({ path, reason: error.message }, 'a report of mail was refused');
        return 400;
      }
    },
  };
}
