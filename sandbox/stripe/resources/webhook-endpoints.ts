import { API_VERSION } from '../api-version.ts';
import { type StripeObject, seconds } from '../json.ts';
import { listObject } from '../pagination.ts';
import { pageParameters, parameters } from '../parameters.ts';
import { type Route, route } from '../route.ts';

export const WEBHOOK_PATH = '/webhooks/stripe';

/** The one endpoint there is: the bot's, told of everything. */
export function webhookEndpointRoutes(botUrl: string): Route[] {
  const endpoint = (createdAt: number): StripeObject => ({
    id: 'we_psi',
    object: 'webhook_endpoint',
    api_version: API_VERSION,
    application: null,
    created: seconds(createdAt),
    description: 'Psi',
    enabled_events: ['*'],
    livemode: false,
    metadata: {},
    status: 'enabled',
    url: `${botUrl}${WEBHOOK_PATH}`,
  });
  return [
    route({
      method: 'GET',
      path: '/v1/webhook_endpoints',
      params: parameters(pageParameters),
      run: ({ books }) => listObject('/v1/webhook_endpoints', [endpoint(books.world.anchor.now)], false),
    }),
  ];
}
