import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError } from '../errors.ts';
import { sendEvent } from '../events.ts';
import type { Slack } from '../slack.ts';
import { BOT, LABS } from '../workspace.ts';
import { shownPerson } from './people.ts';
import { readInput } from './scope.ts';

const authorizeInput = z.object({
  client_id: z.string(),
  scope: z.string().default(''),
  state: z.string().default(''),
  redirect_uri: z.url().optional(),
  team: z.string().default(LABS.id),
});

/** A second workspace, and the page on which a founder of it allows the app in. */
export function registerTeams(scope: FastifyInstance, slack: Slack): void {
  const { teams, people } = slack.store;

  scope.post('/sandbox/teams', () => {
    teams.addSecond();
    slack.store.rebuild();
    const members = people.all().filter((person) => person.workspaceId === LABS.id);
    return { team: { id: LABS.id, name: LABS.name }, users: members.map(shownPerson) };
  });

  scope.post('/sandbox/uninstall', (request) => {
    const { team } = readInput(z.strictObject({ team: z.string() }), request.body);
    if (!teams.isInstalled(team) || team !== LABS.id)
      throw new ControlError(404, 'not_installed', `The app was not installed in ${team}.`);
    const event_ts = slack.store.nextTs();
    sendEvent(slack, { type: 'tokens_revoked', tokens: { bot: [BOT.userId] }, event_ts }, { teamId: team });
    sendEvent(slack, { type: 'app_uninstalled', event_ts }, { teamId: team });
    teams.uninstall(team);
    return { ok: true };
  });

  // Slack asks a person here; the simulated founder always says yes.
  scope.get('/oauth/v2/authorize', (request, reply) => {
    const input = readInput(authorizeInput, request.query);
    if (teams.find(input.team) === null)
      throw new ControlError(404, 'no_such_team', `There is no workspace ${input.team}.`);
    const code = teams.issueCode(input.team, input.scope, input.redirect_uri ?? null);
    const back = new URL(input.redirect_uri ?? `${slack.sandbox.config.botUrl}/slack/oauth/callback`);
    back.searchParams.set('code', code);
    back.searchParams.set('state', input.state);
    return reply.redirect(back.href, 302);
  });
}
