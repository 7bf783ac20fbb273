import { z } from 'zod';
import type { Decline } from '../../domain/recovery/classify-decline.ts';

const detailsSchema = z.object({
  network: z.string(),
  country: z.string().nullable(),
  adviceCode: z.string().nullable(),
  networkAdviceCode: z.string().nullable(),
  networkDeclineCode: z.string().nullable(),
});

/** What is kept of a charge's card; null where it was none, or was kept before cards were. */
export function cardDetails(row: {
  card_details?: string | null | undefined;
}): z.output<typeof detailsSchema> | null {
  if (!row.card_details) return null;
  return detailsSchema.safeParse(JSON.parse(row.card_details)).data ?? null;
}

/** What a failed charge says, as it is classified. */
export function declineOfPayment(row: {
  card_details?: string | null | undefined;
  decline_code: string | null;
}): Decline {
  const card = cardDetails(row);
  return {
    method: 'card',
    network: card?.network ?? null,
    adviceCode: card?.adviceCode ?? null,
    networkAdviceCode: card?.networkAdviceCode ?? null,
    networkDeclineCode: card?.networkDeclineCode ?? null,
    // `card_declined` says only that there is a code beside it.
    declineCode: row.decline_code === 'card_declined' ? null : row.decline_code,
  };
}
