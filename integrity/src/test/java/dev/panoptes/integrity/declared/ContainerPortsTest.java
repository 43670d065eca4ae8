package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.DockerfileModules.Module;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On which ports the containers of a small tree listen, read with the real readers; what is expected follows from the files. */
class ContainerPortsTest {
    private static final String PORT_8000 = """
            import os
            from http.server import HTTPServer, BaseHTTPRequestHandler

            if __name__ == "__main__":
                HTTPServer(("0.0.0.0", int(os.environ.get("PORT", "8000"))), BaseHTTPRequestHandler).serve_forever()
            """;
    private static final String IMAGE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\n";

    @TempDir
    private Path root;

    private ContainerPorts containers;
    private Declarations declarations;

    private ContainerPortsTest file(String path, String text) throws IOException {
        new DeclaredTree(root).file(path, text);
        return this;
    }

    private ContainerPortsTest compose(String services) throws IOException, InterruptedException {
        file("compose.yaml", "services:\n" + services.indent(2));
        declarations = new DeclaredTree(root).read();
        containers = new Images(declarations).containers();
        return this;
    }

    private ComposeFile.Service service(String name) {
        return declarations.composeFiles().stream()
                .flatMap(file -> file.services().stream())
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String listening(String name) {
        return switch (containers.of(service(name))) {
            case Listening.On on ->
                on.ports().stream().map(bound -> bound.port() + "").collect(Collectors.joining(", "))
                        + (on.doubt() == null ? "" : " ? " + on.doubt());
            case Listening.Unknown(String reason) -> reason;
            case Listening.NotJudged notJudged -> "not judged";
        };
    }

    private Listening.On on(String name) {
        return (Listening.On) containers.of(service(name));
    }

    @Test
    void whatIsOnlyPulledIsNotJudged() throws IOException, InterruptedException {
        compose("""
                database: {image: company/database:17}
                known: {image: postgres:17}
                named: {image: python:3.12, command: python main.py, working_dir: /app, volumes: ["data:/app"]}
                moved: {image: python:3.12, command: python main.py}
                """);
        assertThat(listening("database")).isEqualTo("not judged");
        assertThat(listening("known")).isEqualTo("5432");
        assertThat(listening("named")).isEqualTo("not judged");
        assertThat(listening("moved")).isEqualTo("not judged");
        assertThat(containers.stage(service("database"))).isEmpty();
        assertThat(containers.dockerfile(service("database"))).isEmpty();
        assertThat(containers.program(service("database"))).isEmpty();
    }

    @Test
    void codeThatIsMountedIsWhatAPulledImageRuns() throws IOException, InterruptedException {
        file("web/server.js", "require('http').createServer((q, r) => r.end()).listen(3100);\n")
                .file("web/package.json", "{\"scripts\": {\"start\": \"node server.js\"}}")
                .file("web/inner/server.js", "require('http').createServer((q, r) => r.end()).listen(3200);\n")
                .file("web/inner/package.json", "{\"scripts\": {\"start\": \"node server.js\"}}")
                .file("agents/one/main.py", PORT_8000)
                .compose("""
                        python: {image: python:3.12, command: python main.py, working_dir: /app, volumes: ["./agents/one:/app"]}
                        node: {image: node:22, command: npm start, working_dir: /app, volumes: ["./web:/app"]}
                        inner: {image: node:22, command: npm start, working_dir: /app/inner, volumes: ["./logs:/var/log", "./web:/app"]}
                        nowhere: {image: node:22, command: npm start, volumes: ["./web:/app"]}
                        named: {image: node:22, command: npm start, working_dir: /app, volumes: ["web:/app"]}
                        """);
        assertThat(listening("python")).isEqualTo("8000");
        assertThat(listening("node")).isEqualTo("3100");
        assertThat(listening("inner")).isEqualTo("3200");
        assertThat(listening("nowhere")).isEqualTo("not judged");
        assertThat(listening("named")).as("a volume, not a folder").isEqualTo("not judged");
        assertThat(containers.program(service("node"))).contains("web/server.js");
        assertThat(containers.program(service("inner"))).contains("web/inner/server.js");
    }

    @Test
    void aBuildThatCannotBeFollowedIsUnknown() throws IOException, InterruptedException {
        file("agents/one/main.py", PORT_8000)
                .file("agents/one/Dockerfile", IMAGE + "CMD [\"python\", \"main.py\"]\n")
                .file("agents/own/Dockerfile", "FROM example/own:1\n")
                .file("agents/plain/Dockerfile", "FROM python:3.12\nCOPY . .\n")
                .file("agents/plain/main.py", PORT_8000)
                .compose("""
                        missing: {build: ./absent}
                        remote: {build: "https://example.org/x/y.git"}
                        outside: {build: ../elsewhere}
                        unset: {build: "${CONTEXT}"}
                        file: {build: {context: agents/one, dockerfile: Other}}
                        target: {build: {context: agents/one, target: nothing}}
                        told: {build: ./absent, command: python main.py}
                        entry: {build: ./absent, entrypoint: python main.py}
                        seen: {build: ./absent, command: python main.py, working_dir: /app, volumes: ["./agents/one:/app"]}
                        seen-entry: {build: ./absent, entrypoint: python main.py, working_dir: /app, volumes: ["./agents/one:/app"]}
                        own: {build: agents/own}
                        plain: {build: agents/plain}
                        good: {build: agents/one}
                        """);
        assertThat(listening("missing")).isEqualTo("its build context does not exist");
        assertThat(listening("remote")).isEqualTo("its build context is not in the scanned tree");
        assertThat(listening("outside")).isEqualTo("its build context is not in the scanned tree");
        assertThat(listening("unset")).startsWith("its build context is not known: ");
        assertThat(listening("file")).isEqualTo("its Dockerfile is not in the scanned tree or cannot be read");
        assertThat(listening("target")).isEqualTo("its Dockerfile has no stage that it could be");
        assertThat(listening("told")).isNotEqualTo("8000");
        assertThat(listening("entry")).isNotEqualTo("8000");
        assertThat(listening("own")).isEqualTo("its base image decides what it starts");
        assertThat(listening("plain")).isEqualTo("8000");
        assertThat(listening("good")).isEqualTo("8000");
        assertThat(containers.program(service("good"))).contains("agents/one/main.py");
        assertThat(containers.program(service("missing"))).isEmpty();
        assertThat(containers.program(service("seen"))).contains("agents/one/main.py");
        assertThat(containers.program(service("seen-entry"))).contains("agents/one/main.py");
        assertThat(containers.dockerfile(service("good")).orElseThrow().rootPath())
                .isEqualTo("agents/one/Dockerfile");
        assertThat(containers.stage(service("good")).orElseThrow().base()).isEqualTo("python:3.12");
        assertThat(containers.stage(service("target"))).isEmpty();
    }

    @Test
    void theCommandOfTheComposeFileIsStartedInstead() throws IOException, InterruptedException {
        file("agents/one/main.py", PORT_8000)
                .file("agents/one/other.py", PORT_8000.replace("8000", "8100"))
                .file("agents/one/Dockerfile", IMAGE + "CMD [\"python\", \"main.py\"]\n")
                .file("agents/gone/Dockerfile", IMAGE + "CMD [\"python\", \"gone.py\"]\n")
                .compose("""
                        image: {build: agents/one}
                        command: {build: agents/one, command: ["python", "other.py"]}
                        entry: {build: agents/one, entrypoint: ["python", "other.py"]}
                        cleared: {build: agents/one, entrypoint: ["python"], command: ["other.py"]}
                        absent: {build: agents/one, command: python gone.py}
                        byimage: {build: agents/gone}
                        """);
        assertThat(listening("image")).isEqualTo("8000");
        assertThat(listening("command")).isEqualTo("8100");
        assertThat(listening("entry")).isEqualTo("8100");
        assertThat(listening("cleared")).isEqualTo("8100");
        assertThat(listening("absent")).isEqualTo("the module gone.py that it starts does not exist");
        assertThat(listening("byimage")).isEqualTo("not judged");
        assertThat(containers.startedByCompose(service("image"))).isInstanceOf(Module.None.class);
        assertThat(containers.startedByCompose(service("command"))).isEqualTo(new Module.Exists("agents/one/other.py"));
        assertThat(containers.startedByCompose(service("entry"))).isEqualTo(new Module.Exists("agents/one/other.py"));
        assertThat(containers.startedByCompose(service("absent"))).isInstanceOf(Module.Missing.class);
        assertThat(on("image").evidence())
                .containsExactly(
                        new Evidence("dockerfile", "agents/one/Dockerfile", 4, "python main.py"),
                        on("image").ports().getFirst().evidence());
        assertThat(on("command").evidence().getFirst())
                .isEqualTo(new Evidence("compose", "compose.yaml", 3, "python other.py"));
    }

    @Test
    void aPortThatTheProgramCannotTakeIsNotWhereItListens() throws IOException, InterruptedException {
        file("agents/fixed/main.py", """
                from http.server import HTTPServer, BaseHTTPRequestHandler
                HTTPServer(("127.0.0.1", 8200), BaseHTTPRequestHandler).serve_forever()
                """)
                .file("agents/fixed/Dockerfile", IMAGE + "CMD [\"python\", \"main.py\", \"--port\", \"9200\"]\n")
                .file("agents/given/main.py", """
                        import argparse
                        from http.server import HTTPServer, BaseHTTPRequestHandler
                        from prometheus_client import start_http_server
                        p = argparse.ArgumentParser()
                        p.add_argument("--port", type=int, default=8300)
                        start_http_server(9100)
                        HTTPServer(("", p.parse_args().port), BaseHTTPRequestHandler).serve_forever()
                        """)
                .file("agents/given/Dockerfile", IMAGE + "CMD [\"python\", \"main.py\", \"--port\", \"9300\"]\n")
                .file("agents/none/main.py", "print('nothing is served')\n")
                .file("agents/none/Dockerfile", IMAGE + "CMD [\"python\", \"main.py\"]\n")
                .compose("""
                        fixed: {build: agents/fixed}
                        given: {build: agents/given}
                        none: {build: agents/none}
                        """);
        assertThat(listening("fixed")).isEqualTo("8200");
        assertThat(on("fixed").ports()).extracting(Bound::onLoopback).containsExactly(true);
        assertThat(listening("given")).isEqualTo("9300, 9100");
        assertThat(on("given").ports()).extracting(Bound::onLoopback).containsExactly(false, false);
        assertThat(on("given").includes(9300)).isTrue();
        assertThat(on("given").includes(8300)).isFalse();
        assertThat(listening("none"))
                .isEqualTo("agents/none/main.py is what it starts, but nothing that is followed in it binds,"
                        + " defines an application or starts one");
    }

    @Test
    void variablesComeFromTheImageTheServiceAndItsFiles() throws IOException, InterruptedException {
        file("agents/one/main.py", PORT_8000)
                .file(
                        "agents/one/Dockerfile",
                        IMAGE + "ARG GIVEN=8401\nENV PORT=$GIVEN\nCMD [\"python\", \"main.py\"]\n")
                .file("agents/two/main.py", PORT_8000)
                .file("agents/two/Dockerfile", IMAGE + "CMD [\"python\", \"main.py\"]\n")
                .compose("""
                        image: {build: agents/one}
                        argument: {build: {context: agents/one, args: {GIVEN: "8402"}}}
                        unclear: {build: {context: agents/one, args: {GIVEN: "${NOWHERE:?}"}}}
                        service: {build: agents/one, environment: {PORT: "8403"}}
                        word: {build: agents/one, environment: {PORT: "high"}}
                        zero: {build: agents/one, environment: {PORT: "0"}}
                        one: {build: agents/one, environment: {PORT: "1"}}
                        host: {build: agents/one, environment: ["PORT"]}
                        files: {build: agents/two, env_file: absent.env}
                        """);
        assertThat(listening("image")).isEqualTo("8401");
        assertThat(listening("argument")).isEqualTo("8402");
        assertThat(listening("unclear")).contains("PORT");
        assertThat(listening("service")).isEqualTo("8403");
        assertThat(listening("word")).isEqualTo("it is no number");
        assertThat(listening("zero")).isEqualTo("no port that agents/one/main.py binds can be seen");
        assertThat(listening("one")).isEqualTo("1");
        assertThat(listening("host")).isEqualTo("the variable PORT has a value that is not known");
        assertThat(listening("files")).startsWith("8000 ? ");
        assertThat(containers.variables(service("service"))).containsEntry("PORT", "8403");
    }

    @Test
    void aProgramThatWasCompiledIsTheOneThatTheContextHolds() throws IOException, InterruptedException {
        String go = "package main\nimport \"net/http\"\nfunc main() { http.ListenAndServe(\":8500\", nil) }\n";
        file("agents/go/main.go", go)
                .file("agents/go/go.mod", "module example.org/one\n")
                .file("agents/go/Dockerfile", "FROM debian:12\nCOPY bin /app\nCMD [\"/app/server\", \"serve\"]\n")
                .file("agents/pair/a/main.go", go)
                .file("agents/pair/b/main.go", go.replace("8500", "8501"))
                .file("agents/pair/go.mod", "module example.org/two\n")
                .file("agents/pair/Dockerfile", "FROM debian:12\nCOPY bin /app\nCMD [\"/app/server\"]\n")
                .file("agents/bare/main.go", go.replace("8500", "8502"))
                .file("agents/bare/go.mod", "module example.org/three\n")
                .file("agents/bare/Dockerfile", "FROM debian:12\nCOPY bin /usr/local/bin\nCMD [\"server\"]\n")
                .file("agents/py/main.py", PORT_8000)
                .file(
                        "agents/py/Dockerfile",
                        "FROM debian:12\nCOPY . /app\nCMD [\"/app/a-program-with-a-very-long-name\", \"--with\", \"an-option-that-is-long-as-well\"]\n")
                .file("agents/made/cmd/one/main.go", go.replace("8500", "8503"))
                .file("agents/made/cmd/two/main.go", go.replace("8500", "8504"))
                .file("agents/made/go.mod", "module example.org/four\n")
                .file(
                        "agents/made/Dockerfile",
                        "FROM golang:1.24 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/two ./cmd/two\nFROM debian:12\n"
                                + "COPY --from=build /out/two /usr/local/bin/two\nCMD [\"/usr/local/bin/two\"]\n")
                .compose("""
                        made: {build: agents/made}
                        go: {build: agents/go}
                        pair: {build: agents/pair}
                        bare: {build: agents/bare}
                        py: {build: agents/py}
                        """);
        assertThat(listening("go")).isEqualTo("8500");
        assertThat(listening("made")).isEqualTo("8504");
        assertThat(listening("pair")).isEqualTo("8500, 8501 ? what /app/server binds cannot be told");
        assertThat(listening("bare")).isEqualTo("8502 ? what server binds cannot be told");
        assertThat(listening("py"))
                .isEqualTo(
                        "8000 ? what /app/a-program-with-a-very-long-name --with an-option-that-i ... binds cannot be told");
    }

    @Test
    void packageRunnersStartWhatTheirContextHolds() throws IOException, InterruptedException {
        file("agents/web/server.js", "require('http').createServer((q, r) => r.end()).listen(3300);\n")
                .file("agents/web/Dockerfile", "FROM node:22\nWORKDIR /app\nCOPY . .\nCMD [\"yarn\", \"serve-all\"]\n")
                .file("agents/several/a.js", "require('http').createServer((q, r) => r.end()).listen(3301);\n")
                .file("agents/several/b.js", "require('http').createServer((q, r) => r.end()).listen(3302);\n")
                .file(
                        "agents/several/Dockerfile",
                        "FROM node:22\nWORKDIR /app\nCOPY . .\nCMD [\"npm\", \"run\", \"both\"]\n")
                .file("agents/empty/readme.txt", "nothing\n")
                .file("agents/empty/Dockerfile", "FROM node:22\nWORKDIR /app\nCOPY . .\nCMD [\"npm\", \"start\"]\n")
                .compose("""
                        web: {build: agents/web}
                        several: {build: agents/several}
                        empty: {build: agents/empty}
                        """);
        assertThat(listening("web")).isEqualTo("3300");
        assertThat(listening("several")).isEqualTo("3301, 3302 ? its build context holds several programs");
        assertThat(listening("empty")).contains("no code of its build context binds a port that can be seen");
        assertThat(on("web").evidence().getFirst())
                .isEqualTo(new Evidence("dockerfile", "agents/web/Dockerfile", 4, "yarn serve-all"));
    }

    @Test
    void whatAModuleBindsWhenItIsLoadedComesBeside() throws IOException, InterruptedException {
        file("agents/one/main.py", """
                from fastapi import FastAPI
                from prometheus_client import start_http_server
                app = FastAPI()
                start_http_server(9100)
                """)
                .file(
                        "agents/one/Dockerfile",
                        IMAGE + "CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8600\"]\n")
                .file("agents/two/main.py", """
                        from fastapi import FastAPI
                        from prometheus_client import start_http_server
                        app = FastAPI()
                        if __name__ == "__main__":
                            start_http_server(9100)
                        """)
                .file("agents/two/Dockerfile", IMAGE + "CMD [\"uvicorn\", \"main:app\", \"--port\", \"8700\"]\n")
                .compose("""
                        one: {build: agents/one}
                        two: {build: agents/two}
                        """);
        assertThat(listening("one")).isEqualTo("8600, 9100");
        assertThat(listening("two")).isEqualTo("8700");
        assertThat(on("one").ports()).extracting(Bound::onLoopback).containsExactly(false, false);
        assertThat(on("two").ports()).extracting(Bound::onLoopback).containsExactly(true);
    }

    @Test
    void aServersOwnConfigurationAndDefaultsCount() throws IOException, InterruptedException {
        String app = "from fastapi import FastAPI\napp = FastAPI()\n";
        file("agents/one/main.py", app)
                .file("agents/one/gunicorn.conf.py", "bind = '0.0.0.0:8900'\n")
                .file("agents/one/Dockerfile", IMAGE + "CMD [\"gunicorn\", \"main:app\"]\n")
                .file("agents/two/main.py", app)
                .file("agents/two/Dockerfile", IMAGE + "CMD uvicorn main:app --port ${PORT:-8901}\n")
                .compose("""
                        one: {build: agents/one}
                        two: {build: agents/two}
                        files: {build: agents/two, env_file: absent.env}
                        told: {build: agents/two, command: "uvicorn main:app --port 8902", env_file: absent.env}
                        """);
        assertThat(listening("one")).isEqualTo("8900");
        assertThat(listening("two")).isEqualTo("8901");
        assertThat(listening("files")).startsWith("8901 ? ");
        assertThat(listening("told")).isEqualTo("8902");
    }

    @Test
    void gunicornIsOnItsOwnLoopbackWhereNothingSaysOtherwise() throws IOException, InterruptedException {
        String start = IMAGE + "CMD [\"gunicorn\", \"main:app\"]\n";
        file("agents/one/main.py", "from flask import Flask\napp = Flask(__name__)\n")
                .file("agents/one/Dockerfile", start)
                .file("agents/two/main.py", "from flask import Flask\napp = Flask(__name__)\n")
                .file("agents/two/Dockerfile", start + "ENV PORT=8905\n")
                .compose("""
                        one: {build: agents/one}
                        two: {build: agents/two}
                        port: {build: agents/one, environment: {PORT: "8906"}}
                        args: {build: agents/one, environment: {GUNICORN_CMD_ARGS: "--bind 0.0.0.0:8907"}}
                        files: {build: agents/one, env_file: absent.env}
                        """);
        assertThat(listening("one")).isEqualTo("8000");
        assertThat(on("one").ports()).extracting(Bound::onLoopback).containsExactly(true);
        assertThat(listening("two")).isEqualTo("8905");
        assertThat(listening("port")).isEqualTo("8906");
        assertThat(on("port").ports()).extracting(Bound::onLoopback).containsExactly(false);
        assertThat(listening("args")).startsWith("the command line passes gunicorn no port");
        assertThat(listening("files")).startsWith("the command line passes gunicorn no port");
    }

    @Test
    void hypercornAndTheServerOfPhpSayTheirAddress() throws IOException, InterruptedException {
        file("agents/one/main.py", "from fastapi import FastAPI\napp = FastAPI()\n")
                .file("agents/one/Dockerfile", IMAGE + "CMD [\"hypercorn\", \"main:app\"]\n")
                .file("agents/two/index.php", "<?php\n")
                .file(
                        "agents/two/Dockerfile",
                        "FROM php:8.3-cli\nWORKDIR /app\nCOPY . .\nCMD [\"php\", \"-S\", \"localhost:8301\"]\n")
                .compose("""
                        one: {build: agents/one}
                        all: {build: agents/one, command: "hypercorn main:app --bind 0.0.0.0:8302"}
                        file: {build: agents/one, command: "hypercorn main:app -c hyper.toml"}
                        php: {build: agents/two}
                        open: {build: agents/two, command: "php -S 0.0.0.0:8303"}
                        """);
        assertThat(listening("one")).isEqualTo("8000");
        assertThat(on("one").ports()).extracting(Bound::onLoopback).containsExactly(true);
        assertThat(on("all").ports()).extracting(Bound::onLoopback).containsExactly(false);
        assertThat(listening("file")).startsWith("the command line passes hypercorn no port");
        assertThat(listening("php")).isEqualTo("8301");
        assertThat(on("php").ports()).extracting(Bound::onLoopback).containsExactly(true);
        assertThat(on("open").ports()).extracting(Bound::onLoopback).containsExactly(false);
    }

    @Test
    void supervisordListensWhereItsProgramsDo() throws IOException, InterruptedException {
        String image = IMAGE + "COPY supervisord.conf /etc/supervisord.conf\nCMD [\"supervisord\"]\n";
        String fixed = """
                from http.server import HTTPServer, BaseHTTPRequestHandler
                HTTPServer(("0.0.0.0", 8710), BaseHTTPRequestHandler).serve_forever()
                """;
        file("agents/two/main.py", PORT_8000)
                .file("agents/two/deep/main.py", fixed)
                .file("agents/two/Dockerfile", image)
                .file(
                        "agents/two/supervisord.conf",
                        "[program:a]\ncommand=python /app/main.py\nenvironment=PORT=\"8701\"\n"
                                + "[program:b]\ncommand=python main.py\ndirectory=/app/deep\n")
                .file("agents/half/main.py", PORT_8000)
                .file("agents/half/Dockerfile", image)
                .file(
                        "agents/half/supervisord.conf",
                        "[program:a]\ncommand=python /app/main.py\n[program:b]\ncommand=python /app/gone.py\n")
                .file("agents/none/work.py", "print('nothing is served')\n")
                .file("agents/none/Dockerfile", image)
                .file("agents/none/supervisord.conf", "[program:a]\ncommand=python /app/gone.py\n")
                .file("agents/blank/Dockerfile", image)
                .file("agents/blank/supervisord.conf", "[program:a]\nautostart=true\n")
                .file("agents/apart/main.py", PORT_8000)
                .file("agents/apart/Dockerfile", IMAGE + "CMD [\"supervisord\", \"-c\", \"/etc/elsewhere.conf\"]\n")
                .compose("""
                        two: {build: agents/two}
                        given: {build: agents/two, environment: {PORT: "8702"}}
                        half: {build: agents/half}
                        doubt: {build: agents/half, env_file: absent.env}
                        none: {build: agents/none}
                        blank: {build: agents/blank}
                        apart: {build: agents/apart}
                        """);
        assertThat(listening("two")).isEqualTo("8701, 8710");
        assertThat(listening("given")).as("the program's own variable counts").isEqualTo("8701, 8710");
        assertThat(on("two").evidence().getFirst())
                .isEqualTo(new Evidence("dockerfile", "agents/two/Dockerfile", 5, "supervisord"));
        assertThat(listening("half")).as("what does not exist binds nothing").isEqualTo("8000");
        assertThat(listening("doubt")).isEqualTo("8000 ? the env_file absent.env is not in the scanned tree");
        assertThat(listening("none")).isEqualTo("its programs bind no port that can be seen");
        assertThat(listening("blank")).isEqualTo("of agents/blank/supervisord.conf#a its section has no command");
        assertThat(listening("apart")).isEqualTo("what supervisord starts is not in the scanned tree");
    }

    @Test
    void aCommandOfUpToSixtyCharactersIsToldWhole() throws IOException, InterruptedException {
        String sixty = "/app/" + "x".repeat(55);
        file("agents/one/main.py", PORT_8000)
                .file("agents/one/Dockerfile", IMAGE)
                .compose("""
                        whole: {build: agents/one, command: ["%1$s"]}
                        cut: {build: agents/one, command: ["%1$sx"]}
                        """.replace("%1$s", sixty));
        assertThat(listening("whole")).isEqualTo("8000 ? what " + sixty + " binds cannot be told");
        assertThat(listening("cut")).isEqualTo("8000 ? what " + sixty + " ... binds cannot be told");
    }

    @Test
    void theEvidenceHoldsVariablesAsTheyAreWritten() throws IOException, InterruptedException {
        file("agents/one/main.py", PORT_8000)
                .file("agents/one/Dockerfile", IMAGE + "ENV SECRET=8451\nCMD python main.py --port $SECRET\n")
                .compose("""
                        image: {build: agents/one}
                        given: {build: agents/one, command: "python main.py --port $$SECRET"}
                        """);
        assertThat(on("image").evidence().toString()).contains("$SECRET").doesNotContain("port 8451");
        assertThat(on("given").evidence().toString()).contains("$SECRET").doesNotContain("port 8451");
    }

    @Test
    void aJarIsFollowedToTheClassesOfTheBuildContextOnly() throws IOException, InterruptedException {
        file("agents/one/src/main/java/One.java", """
                import com.sun.net.httpserver.HttpServer;
                import java.net.InetSocketAddress;
                class One {
                    public static void main(String[] words) throws Exception {
                        HttpServer.create(new InetSocketAddress(8460), 0).start();
                    }
                }
                """)
                .compose("pulled: {image: eclipse-temurin:25, command: java -jar /app/one.jar}\n");
        assertThat(listening("pulled")).isEqualTo("not judged");
        assertThat(containers.program(service("pulled"))).isEmpty();
    }

    @Test
    void anImageThatNoServiceBuildsIsAContainerOfItsOwn() throws IOException, InterruptedException {
        file("agents/alone/main.py", PORT_8000)
                .file("agents/alone/Dockerfile", IMAGE + "ENV PORT=8800\nCMD [\"python\", \"main.py\"]\n")
                .compose("other: {image: postgres}\n");
        ComposeFile.Service alone =
                ContainerPorts.alone(declarations.dockerfiles().getFirst());
        assertThat(alone.build()).isEqualTo(ComposeFile.Build.of("agents/alone/Dockerfile", 1, ".", "Dockerfile"));
        assertThat(containers.of(alone))
                .isInstanceOfSatisfying(
                        Listening.On.class,
                        on -> assertThat(on.ports()).extracting(Bound::port).isEqualTo(List.of(8800)));
    }
}
