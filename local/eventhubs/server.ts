import net from 'node:net';
import {
  create_container,
  type Connection,
  type ConnectionOptions,
  type Container,
  type Message,
  type Receiver,
  type Sender,
} from 'rhea';
import { parseAddress, parsePosition, type Position } from './address';
import { Consumer, ConsumerSet } from './consumer';
import { FrameGuard } from './frame-guard';
import type { Hub } from './hub';
import { addressText, condition, refuse, refuseClaim, refusePartition, refuseUnknown } from './links';
import { maxMessageSize, Publisher } from './publisher';
import { answerRequest, nodeOf, ReplyLinks, type Node } from './requests';
import { partsOf, type LinkEvent, type TransferFrame } from './rhea-parts';
import { Grants, type Policy } from './tokens';

const maxFrameSize = 65_536;
const connectionOptions = {
  reconnect: false,
  max_frame_size: maxFrameSize,
  channel_max: 4999,
  idle_time_out: 120_000,
} as ConnectionOptions;
/** Receivers of one partition and consumer group that share it. */
const maxReceivers = 5;

/** What the server knows of one connection. */
interface Peer {
  grants: Grants;
  replies: ReplyLinks;
  publishers: Map<Receiver, Publisher>;
  nodes: Map<Receiver, Node>;
  consumers: Map<Sender, Consumer>;
}

/** The AMQP 1.0 side of the local Event Hubs, on 127.0.0.1. */
export class EventHubsServer {
  private readonly container: Container;
  private readonly server: net.Server;
  private readonly sockets = new Set<net.Socket>();
  private readonly peers = new WeakMap<Connection, Peer>();
  private readonly groups = new Map<string, ConsumerSet>();

  constructor(
    private readonly hubs: ReadonlyMap<string, Hub>,
    private readonly policies: readonly Policy[],
  ) {
    this.container = create_container({
      id: 'local-event-hubs',
      receiver_options: { autoaccept: false, credit_window: 0, max_message_size: maxMessageSize },
      sender_options: { snd_settle_mode: 1, autosettle: true },
    } as object);
    const mechanisms = this.container.sasl_server_mechanisms as { enable_anonymous(): void } & Record<string, unknown>;
    mechanisms.enable_anonymous(); // who asks is settled by the tokens that come to $cbs
    mechanisms['MSSBCBS'] = mechanisms['ANONYMOUS'];
    this.wire();
    this.server = net.createServer((socket) => this.accept(socket));
  }

  /** @returns the port that is listened on. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(port, '127.0.0.1', () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    return (this.server.address() as net.AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Gives a socket to the AMQP library, with a guard before it: a peer that breaks the protocol loses its connection. */
  private accept(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    const connection = this.container.create_connection(connectionOptions);
    const parts = partsOf.connection(connection);
    const peer: Peer = {
      grants: new Grants(),
      replies: new ReplyLinks(),
      publishers: new Map(),
      nodes: new Map(),
      consumers: new Map(),
    };
    this.peers.set(connection, peer);
    socket.on('close', () => {
      this.sockets.delete(socket);
      parts.eof(); // a socket that is destroyed does not end, and heartbeats would go on
      for (const consumer of peer.consumers.values()) consumer.stop();
      peer.consumers.clear();
    });
    socket.on('error', () => socket.destroy());
    const guard = new FrameGuard(maxFrameSize);
    const input = parts.input.bind(connection);
    parts.input = (bytes) => {
      if (socket.destroyed) return;
      attempt(socket, () => {
        guard.check(bytes);
        input(bytes);
      });
    };
    const process = parts._process.bind(connection);
    parts._process = () => {
      if (socket.destroyed) return;
      socket.cork(); // one system call for all frames of a turn
      attempt(socket, process);
      socket.uncork();
    };
    parts.accept(socket);
  }

  private wire(): void {
    const on = (name: string, handle: (event: LinkEvent) => void) =>
      (this.container as unknown as { on(name: string, handle: (event: LinkEvent) => void): void }).on(name, handle);
    on('session_open', (event) => this.watchTransfers(event));
    on('receiver_open', (event) => this.openPublisher(event));
    on('sender_open', (event) => this.openConsumer(event));
    on('message', (event) => this.onMessage(event));
    on('sendable', ({ connection, sender }) => this.peer(connection).consumers.get(sender!)?.pump());
    on('sender_draining', ({ connection, sender }) => {
      this.peer(connection).consumers.get(sender!)?.pump();
      sender!.set_drained(true);
    });
    on('sender_close', ({ connection, sender }) => this.dropSenders(connection, (link) => link === sender));
    on('receiver_close', ({ connection, receiver }) => {
      this.peer(connection).publishers.delete(receiver!);
      this.peer(connection).nodes.delete(receiver!);
    });
    on('session_close', ({ connection, session }) => this.dropSenders(connection, (link) => link.session === session));
    on('connection_close', ({ connection }) => this.dropSenders(connection, () => true));
    // The library ends the connection by itself for these; without a listener it would throw.
    for (const name of ['connection_error', 'session_error', 'receiver_error', 'sender_error', 'disconnected'])
      on(name, () => undefined);
    const broken = (error: unknown) => {
      throw error instanceof Error ? error : new Error('protocol error');
    };
    for (const name of ['protocol_error', 'error']) on(name, broken);
  }

  private peer(connection: Connection): Peer {
    return this.peers.get(connection)!;
  }

  private watchTransfers({ connection, session }: LinkEvent): void {
    const parts = partsOf.session(session!);
    const proceed = parts.on_transfer.bind(session);
    parts.on_transfer = (frame: TransferFrame) => {
      const publisher = this.peer(connection).publishers.get(parts._get_link(frame));
      publisher?.admit(frame, () => (frame.payload = Buffer.alloc(0)));
      proceed(frame);
    };
  }

  private openPublisher({ connection, receiver }: LinkEvent): void {
    const link = receiver!;
    const address = addressText(link.target);
    link.set_target({ address });
    link.set_source({ address: addressText(link.source) });
    const peer = this.peer(connection);
    const node = nodeOf(address);
    if (node) {
      peer.nodes.set(link, node);
      return void link.add_credit(100);
    }
    const named = parseAddress(address);
    const hub = named && !named.group ? this.hubs.get(named.hub.toLowerCase()) : undefined;
    if (!hub) return refuseUnknown(link, address);
    const log = named!.partition === undefined ? undefined : hub.partitions[named!.partition];
    if (named!.partition !== undefined && !log) return refusePartition(link, hub.partitions.length);
    if (!peer.grants.until(address, 'Send')) return refuseClaim(link, 'Send');
    peer.publishers.set(link, new Publisher(link, address, hub, log, peer.grants));
  }

  private onMessage({ connection, receiver, delivery, message, format }: LinkEvent): void {
    const peer = this.peer(connection);
    const node = peer.nodes.get(receiver!);
    if (!node) {
      if (Buffer.isBuffer(message)) peer.publishers.get(receiver!)?.receive(message, format, delivery!);
      return;
    }
    delivery!.accept();
    receiver!.add_credit(1);
    if (Buffer.isBuffer(message)) return;
    answerRequest(node, message as Message, peer.grants, peer.replies, this.policies, this.hubs);
  }

  private openConsumer({ connection, sender }: LinkEvent): void {
    const link = sender!;
    const address = addressText(link.source);
    const filter = (link.source as { filter?: unknown } | undefined)?.filter;
    link.set_source({ address, filter: filter as never });
    link.set_target({ address: addressText(link.target) });
    const peer = this.peer(connection);
    const node = nodeOf(address);
    if (node) return peer.replies.add(link, node);
    const named = parseAddress(address);
    const hub = this.hubs.get(named?.hub.toLowerCase() ?? '');
    if (!named?.group || !hub?.hasGroup(named.group)) return refuseUnknown(link, address);
    const log = hub.partitions[named.partition ?? -1];
    if (!log) return refusePartition(link, hub.partitions.length);
    if (!peer.grants.until(address, 'Listen')) return refuseClaim(link, 'Listen');
    const position = positionOf(filter);
    if (!position) return refuse(link, condition.invalidField, 'The selector of the receiver is not valid.');
    const epoch = epochOf(link);
    const group = this.groupOf(`${hub.name}/${named.group}/${named.partition}`);
    if (!this.admit(link, group, epoch)) return;
    const withInfo = wantsRuntimeInfo(link);
    const consumer = new Consumer(link, address, log, position, epoch, withInfo, peer.grants, group);
    peer.consumers.set(link, consumer);
    consumer.pump();
  }

  /** Owner levels: the highest wins, an equal one takes over; receivers without one share, up to five. */
  private admit(link: Sender, group: ConsumerSet, epoch: number | undefined): boolean {
    const held = group.epoch;
    if (held !== undefined && (epoch === undefined || epoch < held)) {
      const text = `At least one receiver for the endpoint is created with epoch of '${held}', and so a receiver with epoch of '${epoch ?? 'none'}' is not allowed. Reconnect with a higher epoch.`;
      refuse(link, condition.stolen, text);
      return false;
    }
    if (epoch !== undefined) group.disconnect(epoch);
    else if (group.consumers.size >= maxReceivers) {
      const text = `Exceeded the maximum number of allowed receivers per partition in a consumer group which is ${maxReceivers}.`;
      refuse(link, condition.tooManyReceivers, text);
      return false;
    }
    return true;
  }

  private groupOf(name: string): ConsumerSet {
    const key = name.toLowerCase();
    let group = this.groups.get(key);
    if (!group) this.groups.set(key, (group = new ConsumerSet()));
    return group;
  }

  private dropSenders(connection: Connection, gone: (link: Sender) => boolean): void {
    const { consumers, replies } = this.peer(connection);
    replies.drop(gone);
    for (const [link, consumer] of consumers)
      if (gone(link)) {
        consumer.stop();
        consumers.delete(link);
      }
  }
}

/** Runs a step of the protocol; whatever a peer makes it throw ends only that peer's connection. */
function attempt(socket: net.Socket, step: () => void): void {
  try {
    step();
  } catch {
    socket.destroy();
  }
}

const selectorName = 'apache.org:selector-filter:string';

function positionOf(filter: unknown): Position | undefined {
  const entry = (filter as Record<string, { value?: unknown } | undefined> | undefined)?.[selectorName];
  if (entry === undefined || entry === null) return { field: 'offset', value: -1, inclusive: false };
  const inner = entry.value as { value?: unknown } | undefined;
  const text = typeof entry === 'string' ? entry : typeof inner === 'string' ? inner : inner?.value;
  return typeof text === 'string' ? parsePosition(text) : undefined;
}

function epochOf(link: Sender): number | undefined {
  const value = (link.properties as Record<string, unknown> | undefined)?.['com.microsoft:epoch'];
  const epoch = value === undefined || value === null ? undefined : Number(value);
  return Number.isFinite(epoch) ? epoch : undefined;
}

function wantsRuntimeInfo(link: Sender): boolean {
  const wanted: unknown = link.desired_capabilities;
  return [wanted].flat().some((name) => String(name) === 'com.microsoft:enable-receiver-runtime-metric');
}
