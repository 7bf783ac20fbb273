import { z } from 'zod';

/** What is kept of Slack between starts. Each shape is checked when it is loaded. */
const jsonObject = z.record(z.string(), z.unknown());

export const fileSchema = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  /** What it shows, in words, as the app gave it. */
  altText: z.string().optional(),
  mimetype: z.string(),
  size: z.number(),
  user: z.string(),
  createdAt: z.number(),
  /** null until the bytes have been uploaded. */
  contentBase64: z.string().nullable(),
  channels: z.array(z.string()),
});
export type SlackFile = z.infer<typeof fileSchema>;

const streamPartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('task'), task: jsonObject }),
  z.object({ type: z.literal('plan'), title: z.string() }),
  z.object({ type: z.literal('blocks'), blocks: z.array(jsonObject) }),
]);
export type StreamPart = z.infer<typeof streamPartSchema>;

const streamSchema = z.object({
  open: z.boolean(),
  /** The bot that opened it has lost all its connections since; nobody waits for it any more. */
  abandoned: z.boolean(),
  startedAt: z.number(),
  displayMode: z.string(),
  recipientUserId: z.string().nullable(),
  parts: z.array(streamPartSchema),
});

export const messageSchema = z.object({
  channel: z.string(),
  ts: z.string(),
  threadTs: z.string().nullable(),
  user: z.string(),
  isBot: z.boolean(),
  text: z.string(),
  blocks: z.array(jsonObject),
  attachments: z.array(jsonObject),
  metadata: jsonObject.nullable(),
  fileIds: z.array(z.string()),
  ephemeralTo: z.string().nullable(),
  editedTs: z.string().nullable(),
  clientMsgId: z.string().nullable(),
  reactions: z.array(z.object({ name: z.string(), users: z.array(z.string()) })),
  stream: streamSchema.nullable(),
});
export type Message = z.infer<typeof messageSchema>;

export const viewSchema = z.object({
  id: z.string(),
  kind: z.enum(['modal', 'home']),
  user: z.string(),
  hash: z.string(),
  rootViewId: z.string(),
  previousViewId: z.string().nullable(),
  /** What the app gave: title, blocks, submit, close, callback_id, private_metadata ... */
  content: jsonObject,
  /** What the person has filled in so far: block_id -> action_id -> element state. */
  values: z.record(z.string(), z.record(z.string(), jsonObject)),
});
export type View = z.infer<typeof viewSchema>;

export const threadStateSchema = z.object({
  channel: z.string(),
  threadTs: z.string(),
  status: z.string(),
  title: z.string(),
  sessionStatus: z.string(),
  prompts: z.array(z.object({ title: z.string(), message: z.string() })),
});
export type ThreadState = z.infer<typeof threadStateSchema>;

export const envelopeSchema = z.object({
  id: z.string(),
  type: z.enum(['events_api', 'interactive', 'slash_commands']),
  /** What faults match on: `events_api message`, `interactive block_actions`, `slash_commands /psi`. */
  target: z.string(),
  acceptsResponse: z.boolean(),
  payload: jsonObject,
  attempt: z.number(),
  retryReason: z.string(),
});
export type Envelope = z.infer<typeof envelopeSchema>;
