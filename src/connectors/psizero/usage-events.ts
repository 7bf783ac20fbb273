import type { UsageFeed } from '../../domain/billing/usage-store.ts';
import type { Clock } from '../../lib/clock.ts';
import { SystemError } from '../../lib/errors.ts';
import { OutsideError } from '../resilience.ts';
import type { ApiPage, PsizeroApi } from './api.ts';

const PAGE = 5_000;

/** The PsiZero API's usage events. An API from before there was such a feed gives none. */
export function psizeroUsageFeed(api: PsizeroApi, clock: Clock): UsageFeed {
  return {
    source: 'psizero',
    async page(cursor, sinceAt) {
      const query: Record<string, string> = { limit: String(PAGE) };
      if (cursor === null) query.updated_since = new Date(sinceAt).toISOString();
      const page = await api.page('usage/events', query, cursor).catch(explained);
      return {
        events: page.data.map(asEvent),
        cursor: page.nextCursor ?? cursor,
        more: page.hasMore && page.nextCursor !== null,
        throughAt: page.dataThroughAt ?? clock.now(),
      };
    },
  };
}

function explained(error: unknown): ApiPage {
  if (!(error instanceof OutsideError)) throw error;
  if (error.status === 404) return { data: [], nextCursor: null, hasMore: false, dataThroughAt: null };
  const advice = error.status === 401 || error.status === 403 ? ': check its key' : '';
  throw new SystemError(
    'source_unavailable',
    `${error.system} refused to give usage events (${error.status})${advice}`,
    { cause: error },
  );
}

/**
 * Our names for the API's fields. What is missing or of another kind is handed on as it is: the store says what is
 * wrong with it and keeps it.
 */
function asEvent(row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return row;
  const {
    customer_id,
    at,
    published_at: _,
    ...rest
  } = Object.assign({ customer_id: undefined, at: undefined, published_at: undefined }, row);
  const instant = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  return {
    ...rest,
    source: 'psizero',
    customerId: customer_id,
    at: Number.isNaN(instant) ? at : instant,
  };
}
