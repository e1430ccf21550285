import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import type { TrustProxy } from '../http/trust-proxy.js';

/** The settings of an installation. This file is the only reader of the environment. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Where the embedded database, uploaded documents and the demo's keys live. */
  readonly dataFolder: string;
  /** Where backups and the archived log of the embedded database go; without it no log is archived. */
  readonly backupFolder: string | undefined;
  /** An external PostgreSQL; without it the embedded one is used. */
  readonly databaseUrl: string | undefined;
  readonly logLevel: LogLevel;
  readonly rateLimits: boolean;
  /** Whose `X-Forwarded-For` says where a caller is. */
  readonly trustProxy: TrustProxy;
  /** The collector that traces go to; without it none are made. */
  readonly tracesEndpoint: string | undefined;
  /** The share of requests that are traced, 0 to 1. */
  readonly tracesRatio: number;
  /** Whether webhooks may go to loopback, private and other addresses that are not public. */
  readonly webhookAllowPrivate: boolean;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const portMax = 65_535;
const hopsMax = 16;

/** A setting that cannot be what was meant; the message names it and what it may be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the settings; an empty variable counts as absent. Throws ConfigError for nonsense. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const read = (name: string): string | undefined => {
    const text = env[name]?.trim();
    return text === '' ? undefined : text;
  };
  const backup = read('NUMEX_BACKUP');
  return {
    port: portOf(read('PORT') ?? '3000'),
    host: read('HOST') ?? '127.0.0.1',
    dataFolder: resolve(read('NUMEX_DATA') ?? './data'),
    backupFolder: backup === undefined ? undefined : resolve(backup),
    databaseUrl: databaseUrlOf(read('DATABASE_URL')),
    logLevel: oneOf('LOG_LEVEL', read('LOG_LEVEL') ?? 'info', logLevels),
    rateLimits: isOn('NUMEX_RATE_LIMITS', read('NUMEX_RATE_LIMITS') ?? 'on'),
    trustProxy: trustProxyOf(read('NUMEX_TRUST_PROXY') ?? 'off'),
    tracesEndpoint: httpUrlOf('OTEL_EXPORTER_OTLP_ENDPOINT', read('OTEL_EXPORTER_OTLP_ENDPOINT')),
    tracesRatio: shareOf('OTEL_TRACES_SAMPLER_ARG', read('OTEL_TRACES_SAMPLER_ARG') ?? '1'),
    webhookAllowPrivate: isOn('NUMEX_WEBHOOK_ALLOW_PRIVATE', read('NUMEX_WEBHOOK_ALLOW_PRIVATE') ?? 'off'),
  };
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : portMax + 1;
  if (port > portMax) throw new ConfigError(`PORT must be a number from 0 to ${portMax}, not "${text}"`);
  return port;
}

function databaseUrlOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') {
    // The value is not repeated: it may hold a password.
    throw new ConfigError('DATABASE_URL must look like postgres://user:password@host:5432/database');
  }
  return text;
}

function httpUrlOf(name: string, text: string | undefined): string | undefined {
  const protocol = text !== undefined && URL.canParse(text) ? new URL(text).protocol : '';
  if (text === undefined || protocol === 'http:' || protocol === 'https:') return text;
  throw new ConfigError(`${name} must look like http://host:4318`);
}

function shareOf(name: string, text: string): number {
  const share = Number(text);
  if (!(share >= 0 && share <= 1)) throw new ConfigError(`${name} must be from 0 to 1, not "${text}"`);
  return share;
}

/** `off`, how many proxies stand before the server, or their addresses, separated by commas. */
function trustProxyOf(text: string): TrustProxy {
  if (text.toLowerCase() === 'off') return 'nobody';
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= hopsMax) return { hops: Number(text) };
  const networks = text.split(',').map((part) => part.trim());
  if (networks.every((part) => ipaddr.isValidCIDR(part) || isWholeAddress(part))) return { networks };
  const may = `off, a number of proxies from 1 to ${hopsMax}, or addresses such as 10.0.0.0/8,::1`;
  throw new ConfigError(`NUMEX_TRUST_PROXY must be ${may}, not "${text}"`);
}

/** Without the short spellings of IPv4 addresses: a number alone is none. */
function isWholeAddress(text: string): boolean {
  return ipaddr.IPv6.isValid(text) || ipaddr.IPv4.isValidFourPartDecimal(text);
}

function isOn(name: string, text: string): boolean {
  return oneOf(name, text, ['on', 'off']) === 'on';
}

function oneOf<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === text.toLowerCase());
  if (found === undefined)
    throw new ConfigError(`${name} must be one of ${allowed.join(', ')}, not "${text}"`);
  return found;
}
