import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Channel } from '../channels.ts';
import { ControlError } from '../errors.ts';
import { parseJson } from '../json.ts';

import type { Slack } from '../slack.ts';
import type { Person } from '../workspace.ts';

/** Bodies as JSON, whatever their declared type; refusals as `{error: {code, message}}`. */
export function prepareControlScope(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 80_000_000 }, (_request, body, done) => {
    const text = typeof body === 'string' ? body : body.toString();
    const parsed = text.trim() === '' ? {} : parseJson(text);
    if (parsed === undefined) done(new ControlError(400, 'invalid_json', 'The body is not valid JSON.'));
    else done(null, parsed);
  });
  scope.setErrorHandler((error, _request, reply) => {
    if (error instanceof ControlError) {
      return reply.code(error.status).send({ error: { code: error.code, message: error.message } });
    }
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    const message =
      status < 500 && error instanceof Error ? error.message : 'The sandbox failed on this call.';
    if (status >= 500)
      process.stderr.write(`slack sandbox: ${error instanceof Error ? error.stack : String(error)}\n`);
    return reply.code(status).send({ error: { code: status < 500 ? 'bad_request' : 'internal', message } });
  });
}

/** The checked body or query. Throws a 400 that names what is wrong. */
export function readInput<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  throw new ControlError(400, 'invalid_body', z.prettifyError(parsed.error));
}

/** A person by id, e-mail address or handle. Throws 404 `no_such_user`. */
export function personOf(slack: Slack, given: string): Person {
  const wanted = given.replace(/^@/, '').toLowerCase();
  const everyone = slack.store.people.all();
  const person = everyone.find((each) => [each.id.toLowerCase(), each.email, each.handle].includes(wanted));
  if (person) return person;
  const known = everyone.map((each) => each.id).join(', ');
  throw new ControlError(404, 'no_such_user', `There is no user ${given}. Users: ${known}.`);
}

/** A conversation by id or name. Throws 404 `no_such_channel`. */
export function channelOf(slack: Slack, given: string): Channel {
  const name = given.replace(/^#/, '');
  const channel = slack.store.channels
    .all()
    .find((each) => each.id === given || (each.name !== '' && each.name === name));
  if (channel) return channel;
  const known = slack.store.channels.all().map((each) => (each.name ? `#${each.name}` : each.id));
  throw new ControlError(
    404,
    'no_such_channel',
    `There is no channel ${given}. Channels: ${known.join(', ')}.`,
  );
}

/** The conversation, or the person's DM with the bot. Throws 403 when the person is not in it. */
export function channelFor(slack: Slack, person: Person, given: string | undefined): Channel {
  const channel = channelOf(slack, given ?? person.dmId);
  if (channel.members.has(person.id)) return channel;
  throw new ControlError(403, 'not_in_channel', `${person.name} is not in this channel.`);
}
