// The yardstick of bench/read.mjs: Fastify, the same driver, one indexed SELECT, nothing else.
import Fastify from 'fastify';
import postgres from 'postgres';
import { addressOf } from '../dist/database/connection.js';

const address = addressOf(process.env.DATABASE_URL);
const sql = postgres(address.url, { ...address.options, max: 16 });
const server = Fastify();
server.get('/health', async () => ({ ok: true }));
server.get('/:id', async (request) => {
  const [row] = await sql`select * from rental where id = ${Number(request.params.id)}`;
  return row;
});
await server.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.once('SIGTERM', () => process.exit(0));
