import type { Connection, Delivery, Receiver, Sender, Session } from 'rhea';
import type net from 'node:net';

/** Parts of rhea that its types leave out and that the server needs (rhea 3.0, lib/connection.js, session.js, link.js). */

export interface ConnectionParts {
  socket: net.Socket;
  /** Takes bytes from the socket. */
  input(bytes: Buffer): void;
  /** Writes what the state machine has to say. */
  _process(): void;
  accept(socket: net.Socket): void;
  /** The socket has ended: stops heartbeats and forgets sessions. */
  eof(): void;
}

export interface TransferFrame {
  performative: { message_format?: number; more?: boolean; aborted?: boolean; handle: number };
  payload?: Buffer;
}

export interface SessionParts {
  on_transfer(frame: TransferFrame): void;
  _get_link(frame: TransferFrame): Receiver;
  outgoing: { next_delivery_id: number; next_pending_delivery: number; available(): number };
}

export interface ReceiverParts {
  credit: number;
  _incomplete?: { frames: Buffer[] };
}

/** The arguments of rhea's events; which are there depends on the event. */
export interface LinkEvent {
  connection: Connection;
  session?: Session;
  sender?: Sender;
  receiver?: Receiver;
  delivery?: Delivery;
  message?: unknown;
  format?: number;
}

export const partsOf = {
  connection: (connection: Connection) => connection as unknown as ConnectionParts,
  session: (session: Session) => session as unknown as SessionParts,
  sender: (sender: Sender) => sender as unknown as { credit: number },
  receiver: (receiver: Receiver) => receiver as unknown as ReceiverParts,
};
