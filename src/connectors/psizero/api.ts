import { z } from 'zod';
import { getJson } from '../json-api.ts';
import { createResilience, type Resilient } from '../resilience.ts';

const pageSchema = z.object({
  data: z.array(z.unknown()),
  next_cursor: z.string().nullish(),
  has_more: z.boolean(),
  data_through: z.iso.datetime({ offset: true }).nullish(),
});

export interface ApiPage {
  data: readonly unknown[];
  nextCursor: string | null;
  hasMore: boolean;
  dataThroughAt: number | null;
}

export interface PsizeroApi {
  /** One page of a collection, from the cursor on. */
  page(path: string, query: Readonly<Record<string, string>>, cursor: string | null): Promise<ApiPage>;
}

/** `url` ends in the API's version (`.../psizero/v1`). */
export function connectPsizero(options: { url: string; token: string; resilience?: Resilient }): PsizeroApi {
  const resilient = options.resilience ?? createResilience({ system: 'the PsiZero API' });
  const base = options.url.replace(/\/+$/, '');
  const headers = { authorization: `Bearer ${options.token}` };
  return {
    async page(path, query, cursor) {
      const url = new URL(`${base}/${path}`);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      if (cursor !== null) url.searchParams.set('cursor', cursor);
      const page = await getJson('the PsiZero API', resilient, url, headers, pageSchema);
      return {
        data: page.data,
        nextCursor: page.next_cursor || null,
        hasMore: page.has_more,
        dataThroughAt: page.data_through ? Date.parse(page.data_through) : null,
      };
    },
  };
}
