import type { Channel } from '../wire/multiplexer';
import type { Message } from '../wire/packet-reader';
import type { Link } from './link';

/** A message that waits for its turn. */
export interface Turn {
  readonly message: Message;
  /** Where it came from and its answer goes; undefined = the connection itself. */
  readonly channel: Channel | undefined;
  /** It came before the answer to another channel had gone out. */
  readonly overlaps: boolean;
}

/** Messages that may wait behind the one at work before the socket is no longer read. */
const mostWaiting = 32;

/** The messages of a connection, which are worked off one at a time, whichever channel they come from. */
export class Turns {
  isBusy = false;
  private active: Channel | undefined;
  private readonly waiting: Turn[] = [];

  constructor(private readonly link: Link) {}

  add(message: Message, channel: Channel | undefined): void {
    const overlaps = (this.isBusy && channel !== this.active) || this.link.hasUnsent(channel);
    this.waiting.push({ message, channel, overlaps });
    // The client may read the answer at work only after this one's: that one must come to its end.
    if (this.isBusy && overlaps) this.active?.keep();
    if (this.waiting.length >= mostWaiting) this.link.pause();
  }

  /** The next message; answers go to its channel from now on. */
  next(): Turn | undefined {
    const turn = this.waiting.shift();
    if (!turn) return undefined;
    if (this.waiting.length === mostWaiting - 1) this.link.resume();
    this.active = turn.channel;
    this.link.answerTo(turn.channel);
    if (turn.channel) turn.channel.isKept = this.waiting.length > 0;
    return turn;
  }

  /** The request at work came from this channel. */
  isAtWork(channel: Channel | undefined): boolean {
    return this.isBusy && channel === this.active;
  }

  /** Forgets what waits of a channel. */
  forget(channel: Channel | undefined): void {
    const others = this.waiting.filter((turn) => turn.channel !== channel);
    if (this.waiting.length >= mostWaiting && others.length < mostWaiting) this.link.resume();
    this.waiting.splice(0, this.waiting.length, ...others);
  }
}
