import { types, type Message, type Sender } from 'rhea';
import type { Hub } from './hub';
import { verifyToken, type Grants, type Policy } from './tokens';

/** The two request/response nodes of a namespace. */
export type Node = '$cbs' | '$management';

/** Which node an address names, if any. */
export function nodeOf(address: string): Node | undefined {
  const name = /(?:^|\/)(\$cbs|\$management)$/i.exec(address)?.[1]?.toLowerCase();
  return name as Node | undefined;
}

interface Answer {
  code: number;
  text: string;
  body?: object;
}

/** The links by which the answers of one connection go out. */
export class ReplyLinks {
  private readonly links = new Map<Sender, Node>();

  add(link: Sender, node: Node): void {
    this.links.set(link, node);
  }

  drop(gone: (link: Sender) => boolean): void {
    for (const link of this.links.keys()) if (gone(link)) this.links.delete(link);
  }

  /** The link that a request names by its reply-to: by target address, by link name, or the one of its node. */
  find(replyTo: unknown, node: Node): Sender | undefined {
    const all = [...this.links].filter(([link]) => link.is_open());
    const named = all.find(
      ([link]) => replyTo && ((link.target as { address?: unknown })?.address === replyTo || link.name === replyTo),
    );
    return (named ?? all.find(([, kind]) => kind === node))?.[0];
  }
}

/** Answers a message that came to `$cbs` or `$management`. */
export function answerRequest(
  node: Node,
  message: Message,
  grants: Grants,
  replies: ReplyLinks,
  policies: readonly Policy[],
  hubs: ReadonlyMap<string, Hub>,
): void {
  const answer = node === '$cbs' ? putToken(message, grants, policies) : read(message, grants, hubs);
  const link = replies.find(message.reply_to, node);
  link?.send({
    correlation_id: message.message_id ?? message.correlation_id,
    application_properties: {
      'status-code': answer.code,
      'status-description': answer.text,
      statusCode: answer.code,
      statusDescription: answer.text,
    },
    body: answer.body,
  });
}

function putToken(message: Message, grants: Grants, policies: readonly Policy[]): Answer {
  const properties = (message.application_properties ?? {}) as Record<string, unknown>;
  if (properties['operation'] !== 'put-token') return { code: 400, text: 'The operation must be put-token.' };
  const grant = verifyToken(typeof message.body === 'string' ? message.body : '', policies);
  if (typeof grant === 'string') return { code: 401, text: grant };
  grants.add(grant);
  return { code: 202, text: 'Accepted' };
}

function read(message: Message, grants: Grants, hubs: ReadonlyMap<string, Hub>): Answer {
  const { name, type, operation, partition } = (message.application_properties ?? {}) as Record<string, unknown>;
  if (operation !== 'READ') return { code: 400, text: 'The operation must be READ.' };
  const hub = hubs.get(String(name).toLowerCase());
  if (!hub) return { code: 404, text: `The messaging entity '${String(name).slice(0, 200)}' could not be found.` };
  const entity = `${hub.name}/$management`;
  if (!['Listen', 'Send', 'Manage'].some((claim) => grants.until(entity, claim as 'Listen')))
    return { code: 401, text: 'Unauthorized access.' };
  if (type === 'com.microsoft:eventhub') return { code: 200, text: 'OK', body: describeHub(hub, type) };
  if (type !== 'com.microsoft:partition') return { code: 400, text: 'The type is not known.' };
  const index = /^\d{1,5}$/.test(String(partition)) ? Number(partition) : -1;
  if (!hub.partitions[index]) return { code: 400, text: 'ArgumentOutOfRange: The specified partition is invalid.' };
  return { code: 200, text: 'OK', body: describePartition(hub, index, type) };
}

function describeHub(hub: Hub, type: string): object {
  const ids = hub.partitions.map((_, index) => String(index));
  return {
    name: hub.name,
    type,
    created_at: types.wrap_timestamp(hub.createdOn.getTime()),
    partition_count: types.wrap_int(ids.length),
    partition_ids: types.wrap_array(ids, 0xa1, undefined),
    georeplication_factor: types.wrap_int(1),
  };
}

function describePartition(hub: Hub, index: number, type: string): object {
  const log = hub.partitions[index]!;
  return {
    name: hub.name,
    type,
    partition: String(index),
    begin_sequence_number: types.wrap_long(log.beginSequence),
    last_enqueued_sequence_number: types.wrap_long(log.nextSequence - 1),
    last_enqueued_offset: String(log.last?.offset ?? -1),
    last_enqueued_time_utc: types.wrap_timestamp(log.last?.time ?? 0),
    is_partition_empty: log.isEmpty,
  };
}
