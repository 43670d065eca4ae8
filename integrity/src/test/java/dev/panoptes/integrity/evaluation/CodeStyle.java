package dev.panoptes.integrity.evaluation;

import dev.panoptes.integrity.evaluation.Fleet.Dir;
import dev.panoptes.integrity.evaluation.Fleet.Program;
import java.util.List;
import java.util.Locale;

/** The ways in which people write an agent. Each adds the files and the program of one to a directory. */
enum CodeStyle {
    FASTAPI_GUARD("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            Port how = Port.any(port, dir.name, prose);
            Name says = Name.any(name, prose);
            dir.files.put(file, """
                \"""Looks after things; %1$s.\"""
                import os
                import uvicorn
                from fastapi import FastAPI

                %2$s
                %3$s
                PEERS = {"billing": "http://billing:%4$d", "search": "http://localhost:%5$d"}
                app = FastAPI(title="%6$s Service", version="1.2")


                %7$s
                @app.get("/health")
                async def health():
                    return {"status": "healthy", %8$s, "version": "1.2"}


                @app.get("/peers")
                async def peers():
                    return {"service": "peer-list", "peers": PEERS}


                if __name__ == "__main__":
                    uvicorn.run(app, host="0.0.0.0", port=%9$s)
                """.formatted(
                            prose.mention(),
                            how.before,
                            says.before,
                            2000 + prose.below(900),
                            3000 + prose.below(900),
                            dir.name,
                            prose.python(3 + prose.below(10)),
                            says.entry,
                            how.value));
            dir.programs.add(new Program(file, true, List.of(port), how.variable, name, true));
        }
    },
    FASTAPI_CMD("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            Name says = Name.any(name, prose);
            dir.files.put(file, """
                from fastapi import APIRouter, FastAPI

                %s
                app = FastAPI()
                router = APIRouter()


                %s
                @router.get("/health")
                def health_check():
                    return {"status": "ok", %s}


                app.include_router(router)
                """.formatted(says.before, prose.python(2 + prose.below(8)), says.entry));
            dir.programs.add(new Program(file, false, List.of(), null, name, true));
        }

        @Override
        boolean bindsItself() {
            return false;
        }
    },
    FLASK("app.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            Port how = Port.any(port, dir.name, prose);
            Name says = Name.any(name, prose);
            dir.files.put(file, """
                import os
                from flask import Flask, jsonify

                app = Flask(__name__)
                %s
                %s


                %s
                @app.route("/health", methods=["GET"])
                def health():
                    return jsonify({"status": "ok", %s})


                if __name__ == '__main__':
                    app.run(host='0.0.0.0', port=%s, debug=False)
                """.formatted(
                            how.before, says.before, prose.python(2 + prose.below(8)), says.entry, how.value));
            dir.programs.add(new Program(file, true, List.of(port), how.variable, name, true));
        }
    },
    AIOHTTP("server.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            Port how = Port.any(port, dir.name, prose);
            Name says = Name.any(name, prose);
            dir.files.put(file, """
                import os
                from aiohttp import web

                %s
                %s


                %s
                async def health(request):
                    return web.json_response({"status": "ok", %s})


                def make_app():
                    app = web.Application()
                    app.router.add_get("/health", health)
                    return app


                def main():
                    web.run_app(make_app(), host="0.0.0.0", port=%s)


                if __name__ == "__main__":
                    main()
                """.formatted(
                            how.before, says.before, prose.python(2 + prose.below(8)), says.entry, how.value));
            dir.programs.add(new Program(file, true, List.of(port), how.variable, name, false));
        }
    },
    HTTP_SERVER("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            Port how = Port.any(port, dir.name, prose);
            Name says = Name.any(name, prose);
            dir.files.put(file, """
                import json
                import os
                from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

                %s
                %s


                %s
                class Handler(BaseHTTPRequestHandler):
                    def do_GET(self):
                        if self.path == "/health":
                            body = json.dumps({"status": "ok", %s}).encode()
                            self.send_response(200)
                            self.send_header("Content-Type", "application/json")
                            self.end_headers()
                            self.wfile.write(body)
                        else:
                            self.send_error(404)


                if __name__ == "__main__":
                    server = ThreadingHTTPServer(("0.0.0.0", %s), Handler)
                    server.serve_forever()
                """.formatted(
                            how.before, says.before, prose.python(1 + prose.below(6)), says.entry, how.value));
            dir.programs.add(new Program(file, true, List.of(port), how.variable, name, false));
        }
    },
    CONFIG_MODULE("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            boolean whole = prose.chance(50);
            String prefix = whole ? "config." : "";
            dir.files.put("config.py", """
                import os

                AGENT_NAME = "%s"
                PORT = int(os.getenv("PORT", "%d"))
                DATABASE_PORT = 5432
                UPSTREAM = "http://localhost:%d"
                """.formatted(name, port, 2000 + prose.below(900)));
            dir.files.put(file, """
                import uvicorn
                from fastapi import FastAPI
                %1$s

                app = FastAPI()


                %2$s
                @app.get("/health")
                def health():
                    return {"agent": %3$sAGENT_NAME, "status": "ok"}


                if __name__ == "__main__":
                    uvicorn.run("main:app", host="0.0.0.0", port=%3$sPORT, reload=False)
                """.formatted(
                            whole ? "import config" : "from config import AGENT_NAME, PORT",
                            prose.python(2 + prose.below(8)),
                            prefix));
            dir.programs.add(new Program(file, true, List.of(port), "PORT", name, true));
        }
    },
    SETTINGS("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put("settings.py", """
                from pydantic_settings import BaseSettings


                class Settings(BaseSettings):
                    service_name: str = "%s"
                    port: int = %d
                    redis_port: int = 6379


                settings = Settings()
                """.formatted(name, port));
            dir.files.put(file, """
                import uvicorn
                from fastapi import FastAPI

                from settings import settings

                app = FastAPI(title="A service")


                %s
                @app.get("/health")
                async def health():
                    return {"status": "ok", "service": settings.service_name}


                if __name__ == "__main__":
                    uvicorn.run(app, host="0.0.0.0", port=settings.port)
                """.formatted(prose.python(2 + prose.below(8))));
            dir.programs.add(new Program(file, true, List.of(port), "PORT", name, true));
        }
    },
    VENDORED("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put("common/__init__.py", "");
            dir.files.put("common/serving.py", """
                import json
                import uvicorn


                def serve(app, port, host="0.0.0.0"):
                    uvicorn.run(app, host=host, port=port, log_level="info")


                def encode(value):
                    return json.dumps(value, sort_keys=True).encode()


                def decode(value):
                    return json.loads(value.decode())
                """);
            dir.files.put("common/retry.py", """
                import time


                def retry(call, times=3, pause=0.5):
                    for attempt in range(times):
                        try:
                            return call()
                        except ConnectionError:
                            time.sleep(pause * (attempt + 1))
                    return call()
                """);
            dir.files.put(file, """
                from fastapi import FastAPI

                from common.serving import serve

                app = FastAPI()
                NAME = "%s"


                %s
                @app.get("/health")
                def health():
                    return {"agent": NAME}


                if __name__ == "__main__":
                    serve(app, %d)
                """.formatted(name, prose.python(2 + prose.below(5)), port));
            dir.programs.add(new Program(file, true, List.of(port), null, name, true));
        }
    },
    SHELL_STARTER("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put(file, """
                from fastapi import FastAPI

                app = FastAPI()


                %s
                @app.get("/health")
                def health():
                    return {"agent": "%s"}
                """.formatted(prose.python(2 + prose.below(5)), name));
            dir.files.put("start.sh", """
                #!/bin/sh
                # starts the agent
                cd "$(dirname "$0")"
                exec uvicorn %s:app --host 0.0.0.0 --port %d
                """.formatted(file.replace(".py", ""), port));
            dir.programs.add(new Program(file, false, List.of(), null, name, true));
            dir.programs.add(new Program("start.sh", true, List.of(port), null, null, false));
        }
    },
    PACKAGE("app/main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put("app/__init__.py", "");
            dir.files.put("app/constants.py", "NAME = \"" + name + "\"\nLISTEN = " + port + "\n");
            dir.files.put(file, """
                import uvicorn
                from fastapi import FastAPI

                from app.constants import LISTEN, NAME

                app = FastAPI()


                %s
                @app.get("/healthz")
                @app.get("/health")
                def health():
                    return {"name": NAME, "ok": True}


                def main():
                    config = uvicorn.Config(app, host="0.0.0.0", port=LISTEN)
                    uvicorn.Server(config).run()


                if __name__ == "__main__":
                    main()
                """.formatted(prose.python(2 + prose.below(5))));
            dir.programs.add(new Program(file, true, List.of(port), null, name, true));
        }
    },
    HYPERCORN("serve.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put(file, """
                import asyncio

                from hypercorn.asyncio import serve
                from hypercorn.config import Config
                from quart import Quart, jsonify

                app = Quart(__name__)


                %s
                @app.get("/health")
                async def health():
                    return jsonify(service="%s", status="ok")


                if __name__ == "__main__":
                    config = Config()
                    config.bind = ["0.0.0.0:%d"]
                    asyncio.run(serve(app, config))
                """.formatted(prose.python(2 + prose.below(5)), name, port));
            dir.programs.add(new Program(file, true, List.of(port), null, name, true));
        }
    },
    EXPRESS("server.js") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            boolean environment = prose.chance(60);
            dir.files.put("package.json", "{\"name\": \"" + dir.name + "\", \"main\": \"" + file + "\"}\n");
            dir.files.put(file, """
                const express = require('express');
                const app = express();
                const PORT = %s;
                const NAME = '%s';
                const PEERS = { search: 'http://search:%d' };

                %s
                app.get('/health', (req, res) => {
                  res.json({ status: 'ok', agent: NAME });
                });

                app.listen(PORT, () => console.log(`up on ${PORT}`));
                """.formatted(
                            environment ? "process.env.PORT || " + port : Integer.toString(port),
                            name,
                            2000 + prose.below(900),
                            prose.javascript(3 + prose.below(6))));
            dir.programs.add(new Program(file, true, List.of(port), environment ? "PORT" : null, name, true));
        }
    },
    NODE_HTTP("index.mjs") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put("config.mjs", "export const port = " + port + ";\nexport const name = '" + name + "';\n");
            dir.files.put(file, """
                import { createServer } from 'node:http';
                import { name, port } from './config.mjs';

                %s
                const server = createServer((request, response) => {
                  if (request.url === '/health') {
                    response.setHeader('content-type', 'application/json');
                    response.end(JSON.stringify({ agent: name, status: 'ok' }));
                    return;
                  }
                  response.statusCode = 404;
                  response.end();
                });

                server.listen(port, '0.0.0.0');
                """.formatted(prose.javascript(3 + prose.below(6))));
            dir.programs.add(new Program(file, true, List.of(port), null, name, false));
        }
    },
    ARGUMENTS("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put(file, """
                import argparse
                import uvicorn
                from fastapi import FastAPI
                from pydantic import BaseModel

                app = FastAPI()


                class Health(BaseModel):
                    agent: str
                    status: str = "ok"


                %s
                @app.get("/health", response_model=Health)
                async def health() -> Health:
                    return Health(agent="%s")


                def parse():
                    parser = argparse.ArgumentParser(description="%s")
                    parser.add_argument("--host", default="0.0.0.0")
                    parser.add_argument("--port", type=int, default=%d)
                    return parser.parse_args()


                if __name__ == "__main__":
                    args = parse()
                    uvicorn.run(app, host=args.host, port=args.port)
                """.formatted(prose.python(2 + prose.below(5)), name, prose.mention(), port));
            dir.programs.add(new Program(file, true, List.of(port), null, name, true));
        }
    },
    CLASS("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put(file, """
                import uvicorn
                from fastapi import FastAPI


                class Agent:
                    NAME = "%s"

                    def __init__(self, port=%d):
                        self.port = port
                        self.app = FastAPI(title="agent runtime")
                        self.app.add_api_route("/health", self.health, methods=["GET"])

                    async def health(self):
                        return {"status": "ok", "agent": self.NAME}

                    def run(self):
                        uvicorn.run(self.app, host="0.0.0.0", port=self.port)


                %s
                if __name__ == "__main__":
                    Agent().run()
                """.formatted(name, port, prose.python(2 + prose.below(5))));
            dir.programs.add(new Program(file, true, List.of(port), null, name, false));
        }
    },
    ROUTERS("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put("identity.py", "AGENT = {\"name\": \"" + name + "\", \"port\": " + port + "}\n");
            dir.files.put("routes.py", """
                from fastapi import APIRouter

                from identity import AGENT

                router = APIRouter()


                %s
                @router.get("/health")
                async def health():
                    return {"status": "healthy", "agent": AGENT["name"]}
                """.formatted(prose.python(3)));
            dir.files.put(file, """
                import uvicorn
                from fastapi import FastAPI

                import routes
                from identity import AGENT

                app = FastAPI()
                app.include_router(routes.router)


                %s
                if __name__ == "__main__":
                    uvicorn.run(app, host="0.0.0.0", port=AGENT["port"])
                """.formatted(prose.python(2 + prose.below(5))));
            dir.programs.add(new Program(file, true, List.of(port), null, name, true));
        }
    },
    APP_AND_MAIN("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put("application.py", """
                import os
                from fastapi import FastAPI
                from fastapi.responses import JSONResponse

                app = FastAPI(title="%1$s")
                NAME = os.getenv("AGENT_NAME", "%2$s")


                %3$s
                @app.get("/")
                def root():
                    return {"service": "landing page", "docs": "/docs"}


                @app.get("/health")
                def health():
                    body = {"status": "ok", "agent": NAME, "dependencies": [{"service": "postgres", "port": 5432}]}
                    return JSONResponse(body)
                """.formatted(dir.name, name, prose.python(2 + prose.below(5))));
            dir.files.put(file, """
                import sys
                import uvicorn

                from application import app

                # uvicorn.run(app, port=%d)
                if __name__ == "__main__":
                    port = int(sys.argv[1]) if len(sys.argv) > 1 else %d
                    uvicorn.run(app, host="0.0.0.0", port=port)
                """.formatted(2000 + prose.below(900), port));
            dir.programs.add(new Program(file, true, List.of(port), null, name, false));
        }
    },
    DELEGATING("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put("server.py", """
                import uvicorn
                from fastapi import FastAPI

                PORTS = {"self": %1$d, "billing": %2$d, "search": %3$d}
                app = FastAPI()


                %4$s
                @app.get("/health")
                def health():
                    return dict(status="ok", agent="%5$s")


                def main():
                    uvicorn.run(app, host="0.0.0.0", port=PORTS["self"])


                if __name__ == "__main__":
                    main()
                """.formatted(
                    port, 2000 + prose.below(900), 3000 + prose.below(900), prose.python(2 + prose.below(5)), name));
            dir.files.put(file, """
                from server import main

                if __name__ == "__main__":
                    main()
                """);
            dir.programs.add(new Program(file, true, List.of(port), null, name, false));
        }
    },
    CLIENT("main.py") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put(file, """
                import os
                import socket
                import httpx
                import uvicorn
                from fastapi import FastAPI

                WATCHED = [("billing", %1$d), ("search", %2$d)]
                SETTINGS = {"port": int(os.environ.get("PORT", "%3$d")), "name": "%4$s"}
                app = FastAPI()


                def is_open(port):
                    with socket.socket() as probe:
                        return probe.connect_ex(("127.0.0.1", port)) == 0


                async def ask(port=%1$d):
                    async with httpx.AsyncClient() as client:
                        return (await client.get(f"http://localhost:{port}/health")).json()


                %5$s
                @app.get("/health")
                async def health():
                    \"""{"agent": "SOMEBODY ELSE"} is what it used to say.\"""
                    result = {"status": "ok"}
                    result["agent"] = SETTINGS["name"]
                    return result


                @app.get("/watched")
                async def watched():
                    return {"agent": "watched", "open": [name for name, port in WATCHED if is_open(port)]}


                if __name__ == "__main__":
                    uvicorn.run(app, host="0.0.0.0", port=SETTINGS["port"])
                """.formatted(
                    2000 + prose.below(900), 3000 + prose.below(900), port, name, prose.python(2 + prose.below(5))));
            dir.programs.add(new Program(file, true, List.of(port), "PORT", name, true));
        }
    },
    FASTIFY("index.js") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put("package.json", "{\"name\": \"" + dir.name + "\", \"main\": \"" + file + "\"}\n");
            dir.files.put(file, """
                const fastify = require('fastify')({ logger: true });
                const settings = { name: '%s', port: Number(process.env.PORT || %d) };

                %s
                fastify.get('/health', async () => ({ status: 'ok', service: settings.name }));

                const start = async () => {
                  try {
                    await fastify.listen({ port: settings.port, host: '0.0.0.0' });
                  } catch (error) {
                    fastify.log.error(error);
                    process.exit(1);
                  }
                };

                start();
                """.formatted(name, port, prose.javascript(2 + prose.below(5))));
            dir.programs.add(new Program(file, true, List.of(port), "PORT", name, false));
        }
    },
    TYPESCRIPT("server.ts") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put(file, """
                import express, { Request, Response } from 'express';

                const app = express();
                const port: number = Number(process.env.PORT ?? %d);

                %s
                app.get('/health', (_req: Request, res: Response) => {
                  res.json({ service: '%s', status: 'ok' });
                });

                app.listen(port);
                """.formatted(port, prose.javascript(2 + prose.below(5)), name));
            dir.programs.add(new Program(file, true, List.of(port), "PORT", name, true));
        }
    },
    GO("main.go") {
        @Override
        void write(Dir dir, String file, String name, int port, Prose prose) {
            dir.files.put(file, """
                package main

                import (
                	"encoding/json"
                	"log"
                	"net/http"
                )

                const name = "%s"

                func health(w http.ResponseWriter, r *http.Request) {
                	json.NewEncoder(w).Encode(map[string]string{"agent": name, "status": "ok"})
                }

                func main() {
                	http.HandleFunc("/health", health)
                	log.Println("weight %d")
                	log.Fatal(http.ListenAndServe(":%d", nil))
                }
                """.formatted(name, prose.below(100000), port));
            dir.programs.add(new Program(file, true, List.of(port), null, name, false));
        }
    };

    private final String usualFile;

    CodeStyle(String usualFile) {
        this.usualFile = usualFile;
    }

    /** Styles whose program binds when it is run by itself and can stand beside others in one directory. */
    static final List<CodeStyle> SINGLE_FILE = List.of(FASTAPI_GUARD, FLASK, AIOHTTP, HTTP_SERVER);

    static final List<CodeStyle> READ = List.of(values());

    abstract void write(Dir dir, String file, String name, int port, Prose prose);

    void write(Dir dir, String name, int port, Prose prose) {
        write(dir, usualFile, name, port, prose);
    }

    /** False where only a Dockerfile or unit says the port. */
    boolean bindsItself() {
        return true;
    }

    /** The command that runs the entry by itself. */
    static String command(Program entry) {
        String file = entry.file();
        if (file.endsWith(".js") || file.endsWith(".mjs")) {
            return "node " + file;
        }
        return file.endsWith("/main.py")
                ? "python3 -m " + file.replace(".py", "").replace('/', '.')
                : "python3 " + file;
    }

    /** How a program gets its port. */
    private record Port(String before, String value, String variable) {
        static Port any(int port, String directory, Prose prose) {
            String own = directory.toUpperCase(Locale.ROOT).replace('-', '_') + "_PORT";
            return switch (prose.below(6)) {
                case 0 -> new Port("", Integer.toString(port), null);
                case 1 -> new Port("PORT = " + port, "PORT", null);
                case 2 -> new Port("PORT = int(os.getenv(\"PORT\", \"" + port + "\"))", "PORT", "PORT");
                case 3 -> new Port("", "int(os.environ.get('PORT', " + port + "))", "PORT");
                case 4 ->
                    new Port(
                            "DEFAULT_PORT = " + port + "\nPORT = int(os.getenv(\"" + own + "\") or DEFAULT_PORT)",
                            "PORT",
                            own);
                default -> new Port("BASE = " + (port - 11) + "\nSERVICE_PORT = BASE + 11", "SERVICE_PORT", null);
            };
        }
    }

    /** How a program says its name. */
    private record Name(String before, String entry) {
        static Name any(String name, Prose prose) {
            String field = prose.one(List.of("agent", "service", "name"));
            return switch (prose.below(5)) {
                case 0 -> new Name("", "\"" + field + "\": \"" + name + "\"");
                case 1 -> new Name("AGENT_NAME = \"" + name + "\"", "\"" + field + "\": AGENT_NAME");
                case 2 -> new Name("", "\"" + field + "\": \"" + name + " - keeps things in order\"");
                case 3 ->
                    new Name("IDENTITY = '" + name + "'", "\"agent\": IDENTITY, \"service\": \"generic-runtime\"");
                default -> new Name("NAME = \"" + name + "\"", "\"" + field + "\": f\"{NAME}\"");
            };
        }
    }
}
