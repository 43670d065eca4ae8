package dev.panoptes.cli;

import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.Stopping;
import dev.panoptes.core.Boundary;
import dev.panoptes.integrity.report.TextStyle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The training run of the start-up cache (JEP 514): the usual commands, once, in one process, on a small fleet written for
 * it. It is not a command; the build starts it. Classes that it loads start fast afterwards, all others as ever.
 */
final class StartupTraining {
    private static final String REGISTRY = """
            version: '1'
            hosts:
              web-1: {address: 192.0.2.1, labels: {zone: a}}
            agents:
              one:
                name: ONE
                version: '1.0'
                connection: {url: 'http://one:47001', health_endpoint: /health, timeout_ms: 1000}
                capabilities: [greet]
                actions: {greet: {endpoint: /greet, method: POST}}
              two:
                name: TWO
                connection: {url: 'http://two:47001'}
                actions: {greet: {endpoint: /greet, method: POST}}
            chains:
              both: {steps: [{id: a, agent: one, action: greet}, {id: b, agent: three, action: greet}]}
            intent_patterns: {agents: {one: ['hello.*']}}
            """;
    private static final String PYTHON = """
            import os
            from fastapi import FastAPI
            import uvicorn
            app = FastAPI(title="One")
            PORT = int(os.getenv("PORT", "47002"))
            @app.get("/health")
            def health():
                return {"status": "ok", "agent": "ONE", "port": PORT}
            if __name__ == "__main__":
                uvicorn.run(app, host="127.0.0.1", port=PORT)
            """;
    private static final String NODE = """
            const http = require('http');
            const server = http.createServer((req, res) => res.end(JSON.stringify({agent: 'TWO'})));
            server.listen(47003);
            """;
    private static final String COMPOSE = """
            services:
              one: {build: {context: agents/one}, ports: ['47001:47002', '127.0.0.1:${PORT:-47009}:80']}
            """;
    private static final String DOCKERFILE = """
            FROM python:3.12
            WORKDIR /app
            COPY . .
            EXPOSE 47002
            CMD ["uvicorn", "main:app", "--port", "47002"]
            """;
    private static final String UNIT = """
            [Service]
            WorkingDirectory=/opt/fleet/agents/one
            ExecStart=/usr/bin/python3 main.py
            [Install]
            WantedBy=multi-user.target
            """;

    private static final String LIVE = """
            version: '1'
            agents:
              one:
                name: ONE
                version: '1.0'
                connection: {url: 'http://127.0.0.1:PORT', health_endpoint: /health}
                actions: {greet: {endpoint: /greet, method: POST}}
              two:
                connection: {url: 'http://127.0.0.1:PORT', health_endpoint: /health}
            """;
    private static final String DOWN = """
              three:
                connection: {url: 'http://127.0.0.1:1', health_endpoint: /health}
            """;
    private static final String HEALTHY =
            "{\"status\": \"healthy\", \"agent\": \"ONE\", \"version\": \"1.0\", \"port\": PORT}";

    private static final String AUDIT = """
            type=SYSCALL msg=audit(1700000000.001:7): arch=c000003e syscall=59 success=yes exit=0 a0=7f a1=7f a2=7f a3=7 items=2 ppid=1 pid=9 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm="ls" exe="/usr/bin/ls" subj=unconfined key="exec"\u001dARCH=x86_64 SYSCALL=execve AUID="a" UID="root"
            type=EXECVE msg=audit(1700000000.001:7): argc=2 a0="ls" a1=2F746D70
            type=CWD msg=audit(1700000000.001:7): cwd="/root"
            type=PATH msg=audit(1700000000.001:7): item=0 name="/usr/bin/ls" inode=131 dev=fd:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0
            type=PROCTITLE msg=audit(1700000000.001:7): proctitle=6C73002F746D70
            type=SYSCALL msg=audit(1700000000.002:8): arch=c000003e syscall=42 success=no exit=-111 a0=3 a1=7f a2=10 a3=0 items=0 ppid=1 pid=9 auid=1000 uid=0 gid=0 tty=(none) ses=3 comm="nc" exe="/usr/bin/nc" key=(null)
            type=SOCKADDR msg=audit(1700000000.002:8): saddr=0200005000000000C000020A0000000000000000
            type=USER_LOGIN msg=audit(1700000000.003:9): pid=10 uid=0 auid=1000 ses=3 msg='op=login acct="root" exe="/usr/sbin/sshd" hostname=h addr=192.0.2.1 terminal=ssh res=failed'
            type=AVC msg=audit(1700000000.004:10): avc:  denied  { read } for  pid=9 comm="ls" name="x" dev="sda1" ino=3 scontext=a:b:c:s0 tcontext=a:b:d:s0 tclass=file permissive=0
            """;
    private static final String LOGINS = """
            Nov  9 01:02:03 h sshd[1]: Failed password for invalid user x from 192.0.2.1 port 22 ssh2
            Nov  9 01:02:03 h sshd[1]: Accepted publickey for a from 192.0.2.1 port 22 ssh2: RSA SHA256:abc
            Nov  9 01:02:03 h sshd[1]: pam_unix(sshd:session): session opened for user a(uid=1) by (uid=0)
            Nov  9 01:02:03 h sshd[1]: Invalid user y from 192.0.2.1 port 22
            Nov  9 01:02:04 h sshd[1]: Connection closed by 192.0.2.1 port 22 [preauth]
            Nov  9 01:02:04 h sudo: a : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls
            2023-11-09T01:02:03.5+02:00 h sshd[1]: Disconnected from user a 192.0.2.1 port 22
            """;

    private StartupTraining() {}

    /** @param arguments one: an empty directory to write to */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("one argument: an empty directory");
        }
        Path fleet = Path.of(arguments[0]).resolve("fleet");
        write(fleet, "agent-registry.yaml", REGISTRY);
        write(fleet, "agents/one/main.py", PYTHON);
        write(fleet, "agents/one/Dockerfile", DOCKERFILE);
        write(fleet, "agents/one/lines.py", lines());
        write(fleet, "agents/two/server.js", NODE);
        write(fleet, "compose.yaml", COMPOSE);
        write(fleet, "units/one.service", UNIT);
        AtomicBoolean ended = new AtomicBoolean();
        Main.run(ended, "--version");
        ended.set(true);
        Program program = new Program(shell(fleet));
        String registry = fleet.resolve("agent-registry.yaml").toString();
        String agents = fleet.resolve("agents").toString();
        program.run();
        program.run("scan", "--help");
        program.run("explain", "port-conflict");
        program.run("validate", registry);
        for (int i = 0; i < 2; i++) {
            // The second time the code is read from its cache.
            program.run("scan", "--offline", "--registry", registry, "--agents-path", agents);
        }
        program.run("scan", "--registry", registry, "--agents-path", agents, "--format", "json");
        program.run("plan", "--offline", "--registry", registry, "--agents-path", agents);
        live(program, fleet);
        sensors(program, fleet);
    }

    /** What asks agents and looks at sockets, with one agent in this process. */
    private static void live(Program program, Path fleet) throws IOException {
        Path empty = Files.createDirectories(fleet.resolveSibling("empty"));
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> answer(server));
            String port = Integer.toString(server.getLocalPort());
            write(fleet, "up.yaml", LIVE.replace("PORT", port));
            String up = fleet.resolve("up.yaml").toString();
            program.run("scan", "--registry", up, "--root", empty.toString(), "--only", "host,probe");
            write(fleet, "live.yaml", LIVE.replace("PORT", port) + DOWN);
            String registry = fleet.resolve("live.yaml").toString();
            program.run("scan", "--registry", registry, "--root", empty.toString(), "--only", "host,probe");
            program.run(
                    "observe",
                    "--registry",
                    registry,
                    "--output",
                    fleet.resolve("snapshot.json").toString());
            program.run(
                    "scan",
                    "--registry",
                    registry,
                    "--from-snapshot",
                    fleet.resolve("snapshot.json").toString());
        }
    }

    /** What reads captures, and one look at files that differ from those before. */
    private static void sensors(Program program, Path fleet) throws IOException {
        replay(program, fleet, "kernel_audit", AUDIT);
        replay(program, fleet, "auth", LOGINS);
        Path tree = Files.createDirectories(fleet.resolveSibling("tree"));
        write(tree, "etc/a", "a");
        String settings = "file_integrity: {paths: ['" + tree + "']}\n";
        for (int i = 0; i < 3; i++) {
            write(tree, "etc/b" + i, "b");
            write(fleet, "sensor.yaml", settings);
            program.run(
                    "sensor",
                    "file_integrity",
                    "--once",
                    "--no-heartbeat",
                    "--config",
                    fleet.resolve("sensor.yaml").toString(),
                    "--data-dir",
                    fleet.resolveSibling("data").toString());
        }
    }

    private static void replay(Program program, Path fleet, String sensor, String capture) throws IOException {
        write(fleet, sensor, capture);
        String file = fleet.resolve(sensor).toString();
        program.run("sensor", sensor, "--once", "--no-heartbeat", "--output", "json", "--replay", file);
    }

    private static void answer(ServerSocket server) {
        byte[] body =
                HEALTHY.replace("PORT", Integer.toString(server.getLocalPort())).getBytes(StandardCharsets.US_ASCII);
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n";
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                if (socket.getInputStream().read(new byte[4_096]) > 0) {
                    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().write(body);
                }
            } catch (IOException e) {
                continue; // the training is over, or whoever asked has hung up
            }
        }
    }

    /** A module without a program: long files are sampled and sorted otherwise than short ones. */
    private static String lines() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            lines.append("value_").append(i).append(" = [").append(i).append("]\n");
        }
        return lines.toString();
    }

    @Boundary("a program of its own, which hands the clock on")
    private static Shell shell(Path fleet) {
        ByteArrayOutputStream unread = new ByteArrayOutputStream();
        return new Shell(
                fleet,
                fleet,
                Map.of("HOME", fleet.resolveSibling("home").toString()),
                unread,
                new PrintStream(unread, false, StandardCharsets.UTF_8),
                new TextStyle(true, true, 100),
                false,
                InstantSource.system(),
                new SplittableRandom(),
                new Stopping());
    }

    private static void write(Path fleet, String name, String content) throws IOException {
        Path file = fleet.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, content);
    }
}
