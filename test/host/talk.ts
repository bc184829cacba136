import { createConnection, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * One end of a conversation, run inside a network namespace: `listen <port>`, or
 * `connect <address> <port>`. What happens to it stands on stdout, a line each; lines on stdin are sent.
 */
const [, , role, ...places] = process.argv;

const say = (line: string) => process.stdout.write(`${line}\n`);

const talk = (socket: Socket): void => {
  createInterface(socket)
    .on('line', (line) => say(`got ${line}`))
    .on('error', () => {});
  socket.on('error', (error: NodeJS.ErrnoException) => say(`error ${error.code}`));
  socket.on('close', () => say('closed'));
  createInterface(process.stdin).on('line', (line) => socket.write(`${line}\n`));
};

const user = Number(process.env.TALK_USER ?? '0');
if (user !== 0) process.setuid?.(user);

if (role === 'listen') {
  createServer((socket) => {
    say('connected');
    talk(socket);
  }).listen(Number(places[0]), '::', () => say('listening'));
} else {
  const [host = '', port] = places;
  const socket = createConnection({ host, port: Number(port) }, () => say('connected'));
  say('calling');
  talk(socket);
}
