import { z } from 'zod';
import { noSuch } from '../errors.ts';
import type { EventLog } from '../events.ts';
import { instantRange, pageParameters, parameters, text } from '../parameters.ts';
import { listing, type Route, route } from '../route.ts';

/** `invoice.paid`, or `invoice.*` for a family. */
function matcher(wanted: readonly string[] | undefined): (type: string) => boolean {
  if (wanted === undefined) return () => true;
  const exact = new Set(wanted);
  const families = wanted.filter((type) => type.endsWith('*')).map((type) => type.slice(0, -1));
  return (type) => exact.has(type) || families.some((family) => type.startsWith(family));
}

/** The log is the sandbox's own, not the books': its routes are made for one. */
export function eventRoutes(log: EventLog): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/events',
      params: parameters({
        ...pageParameters,
        created: instantRange.optional(),
        delivery_success: z.string().optional(),
        type: text.optional(),
        types: z.array(text).max(20).optional(),
      }),
      run: ({ params }) => {
        const matches = matcher(params.types ?? (params.type === undefined ? undefined : [params.type]));
        return listing({
          index: log.index(),
          url: '/v1/events',
          thing: 'event',
          page: params,
          read: (id) => {
            const event = log.get(id);
            return event && matches(event.type) ? event : undefined;
          },
          render: (event) => log.render(event),
        });
      },
    }),
    route({
      method: 'GET',
      path: '/v1/events/:id',
      params: parameters({}),
      run: ({ id }) => {
        const event = log.get(id);
        if (!event) throw noSuch('event', id);
        return log.render(event);
      },
    }),
  ];
}
