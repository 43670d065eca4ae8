// TINKER: mends small things.
'use strict';

const http = require('http');

const NAME = 'TINKER';
const PORT = 8203;
const HOST = process.env.AGENT_HOST || '127.0.0.1';

function answer(method, path) {
  switch (`${method} ${path}`) {
    case 'GET /health':
      return {status: 'healthy', agent: NAME, version: '1.0', port: PORT};
    case 'POST /mend':
      return {action: 'mend', done: true, at: new Date().toISOString()};
    default:
      return null;
  }
}

const server = http.createServer((request, response) => {
  const body = answer(request.method, request.url);
  response.writeHead(body ? 200 : 404, {'Content-Type': 'application/json'});
  response.end(JSON.stringify(body || {error: 'unknown'}));
});

server.listen(PORT, HOST);
