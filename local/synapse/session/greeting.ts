import { TSqlError } from '../contract';
import { Feature, parseFederatedToken, parseLogin7, type Login7 } from '../wire/login7';
import type { Message } from '../wire/packet-reader';
import { buildPrelogin, Encryption, parsePrelogin } from '../wire/prelogin';
import { hasYukon, negotiateVersion, PacketType, ProtocolError, Token } from '../wire/protocol';
import { EnvChange, type TokenWriter } from '../wire/tokens';
import type { Link } from './link';
import { checkDatabase, checkPassword, checkToken, loginFailed, type LoginRules } from './login';
import type { Reply } from './reply';

export interface GreetingContext {
  readonly rules: LoginRules;
  readonly failedLoginDelayMs: number;
  /** True when the server has no room for one more logged-in session. */
  isFull(): boolean;
}

/** What the session needs once its client may come in. */
export interface Admission {
  readonly login: Login7;
  readonly principal: string;
  /** Several channels over the connection (MARS), as the client asked. */
  readonly multiplexed: boolean;
}

/** From the first byte to the end of the login: PRELOGIN, TLS, LOGIN7, access token. */
export class Greeting {
  private stage: 'prelogin' | 'login' | 'token' = 'prelogin';
  private login: Login7 | undefined;
  private asksForMars = false;

  constructor(
    private readonly link: Link,
    private readonly tokens: TokenWriter,
    private readonly reply: Reply,
    private readonly requireTls: boolean,
    private readonly context: GreetingContext,
  ) {}

  /** Takes one message. An admission when the client may come in; undefined when more is to come, or it was refused. */
  async take(message: Message): Promise<Admission | undefined> {
    switch (this.stage) {
      case 'prelogin':
        if (message.type === PacketType.prelogin) return this.prelogin(message);
        if (message.type === PacketType.login7 && (!this.requireTls || this.link.isStrict)) return this.logIn(message);
        break;
      case 'login':
        if (message.type === PacketType.login7) return this.logIn(message);
        break;
      case 'token':
        if (message.type === PacketType.federatedToken) return this.byToken(parseFederatedToken(message.payload));
    }
    throw new ProtocolError(`A message of type ${message.type} cannot come before the login.`);
  }

  private async prelogin(message: Message): Promise<undefined> {
    const asked = parsePrelogin(message.payload);
    // tedious goes on in plain text when it is told that there is no encryption, and would otherwise want a verified certificate:
    // the stock Dataform CLI lives from that. FreeTDS means what it asks for.
    const insists =
      !asked.namesFederation && (asked.encryption === Encryption.on || asked.encryption === Encryption.required);
    const encryptInside = (this.requireTls || insists) && !this.link.isStrict;
    const inside = asked.encryption === Encryption.on ? Encryption.on : Encryption.required;
    this.asksForMars = asked.mars;
    this.link.packets.bytes(
      buildPrelogin({
        encryption: encryptInside ? inside : Encryption.notSupported,
        mars: asked.mars,
        federatedRequired: asked.federatedRequired,
      }),
    );
    await this.link.packets.flushed(true);
    this.stage = 'login';
    if (encryptInside) this.link.startTls();
  }

  private async logIn(message: Message): Promise<Admission | undefined> {
    const login = parseLogin7(message.payload);
    this.login = login;
    this.tokens.version = negotiateVersion(login.tdsVersion);
    if (login.federated?.library === 'adal') {
      this.tokens.federatedInfo('https://login.microsoftonline.com/common', 'https://database.windows.net/');
      await this.link.packets.flushed(true);
      this.stage = 'token';
      return undefined;
    }
    if (login.federated) return this.byToken(login.federated.token ?? '');
    return this.check(login, () => checkPassword(login, this.context.rules));
  }

  private async byToken(token: string): Promise<Admission | undefined> {
    return this.check(this.login!, () => checkToken(token, this.context.rules));
  }

  /** Admits a client, or tells it why not (a wrong password after a while) and closes. */
  private async check(login: Login7, principal: () => string): Promise<Admission | undefined> {
    try {
      const name = principal();
      checkDatabase(login.database, this.context.rules);
      const multiplexed = this.asksForMars && hasYukon(this.tokens.version);
      if (!this.context.isFull()) return { login, principal: name, multiplexed };
      throw new TSqlError(10928, 'Resource ID : 2. The session limit for the database is 1024 and has been reached.');
    } catch (error) {
      if (!(error instanceof TSqlError)) throw error;
      if (error.number === 18456) await new Promise((resolve) => setTimeout(resolve, this.context.failedLoginDelayMs));
      // As SQL Server does: drivers know by the second that it makes no sense to try again.
      if (error.number === 4060) this.reply.failCall(error);
      this.reply.fail(error.number === 4060 ? loginFailed(login.user) : error, Token.done, false);
      await this.link.packets.flushed(true);
      this.link.end();
      return undefined;
    }
  }

  /** The answer to a login that was taken. */
  async welcome(login: Login7, database: string, packetSize: number): Promise<void> {
    const { tokens } = this;
    const info = (number: number, state: number, message: string): void =>
      tokens.message(Token.info, { number, state, class: 0, line: 1, message });
    tokens.envText(EnvChange.database, database, 'master');
    info(5701, 2, `Changed database context to '${database}'.`);
    tokens.envCollation();
    tokens.envText(EnvChange.language, 'us_english', '');
    info(5703, 1, 'Changed language setting to us_english.');
    tokens.loginAck();
    tokens.envText(EnvChange.packetSize, String(packetSize), '4096');
    const acknowledged = new Map<number, Buffer>();
    if (login.federated) acknowledged.set(Feature.federated, Buffer.alloc(0));
    if (login.features.has(Feature.utf8)) acknowledged.set(Feature.utf8, Buffer.from([1]));
    tokens.featureAck(acknowledged);
    tokens.done(Token.done, 0, 0, 0);
    await this.link.packets.flushed(true);
  }
}
