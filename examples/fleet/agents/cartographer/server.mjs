// CARTOGRAPHER: draws maps of data.
import {createServer} from 'node:http';
import {agent, version, port, host} from './config.mjs';

class Cartographer {
  constructor() {
    this.memory = [];
    this.routes = new Map([
      ['GET /health', () => ({status: 'healthy', agent, version, port})],
      ['POST /map', (request) => this.remember('map', request)],
    ]);
  }

  remember(action, request) {
    this.memory.push([action, request.url]);
    return {action, remembered: this.memory.length};
  }

  handle(request, response) {
    const route = this.routes.get(`${request.method} ${request.url}`);
    response.writeHead(route ? 200 : 404, {'Content-Type': 'application/json'});
    response.end(JSON.stringify(route ? route(request) : {error: 'unknown'}));
  }
}

const program = new Cartographer();
createServer((request, response) => program.handle(request, response)).listen(port, host);
