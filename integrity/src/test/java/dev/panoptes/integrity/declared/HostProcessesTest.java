package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.CodeReader;
import dev.panoptes.code.FactCache;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.Intents;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.adopt.AdoptedAgent;
import dev.panoptes.integrity.adopt.TreeAdoption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Procfiles, supervisord, PM2 and scripts start, as launches of a real tree. */
class HostProcessesTest {
    @TempDir
    private Path root;

    @BeforeEach
    void programs() throws IOException {
        for (String name : List.of("hermes", "varys")) {
            write("agents/" + name + "/main.py", """
                    import os
                    from http.server import HTTPServer, BaseHTTPRequestHandler

                    if __name__ == "__main__":
                        HTTPServer(("", int(os.environ.get("PORT", "8000"))), BaseHTTPRequestHandler).serve_forever()
                    """);
        }
    }

    @Test
    void aPlatformChoosesThePortOfAProcfile() throws IOException, InterruptedException {
        write("Procfile", """
                # two types
                web: cd agents/hermes && python main.py
                api: uvicorn agents.varys.main:app --port ${PORT:-9000}
                fixed: PORT=8123 python agents/varys/main.py
                literal: uvicorn agents.varys.main:app --port 8124
                release: python migrate.py
                no type here
                """);
        assertThat(launches())
                .containsExactly(
                        "Procfile#web agents/hermes/main.py [] whoever runs it chooses PORT",
                        "Procfile#api agents/varys/main.py [] whoever runs it chooses PORT",
                        "Procfile#fixed agents/varys/main.py [8123]",
                        "Procfile#literal agents/varys/main.py [8124]");
    }

    @Test
    void theEnvironmentFileBesideAProcfileSaysTheFirstPortAndEachTypeHasAHundredOfItsOwn()
            throws IOException, InterruptedException {
        write(".env", "PORT=5000\n");
        write("Procfile", "web: python agents/hermes/main.py\r\nworker: python agents/varys/main.py\r\n");
        assertThat(launches())
                .containsExactly(
                        "Procfile#web agents/hermes/main.py [5000]", "Procfile#worker agents/varys/main.py [5100]");
    }

    @Test
    void supervisordExpandsItsOwnNamesAndRunsNoShell() throws IOException, InterruptedException {
        write("supervisord.conf", """
                [supervisord]
                nodaemon=true

                [program:hermes] ; the first
                command=python main.py
                directory=%(here)s/agents/hermes
                environment=PORT="8201",
                    NAME='a,b'

                [program:varys]
                command=uvicorn main:app
                    --port 82%(process_num)02d
                process_name=%(program_name)s_%(process_num)s
                numprocs=2
                numprocs_start=10
                directory=agents/varys

                [program:secret]
                command=python main.py --port %(ENV_VARYS_PORT)s
                """);
        assertThat(launches())
                .containsExactly(
                        "supervisord.conf#hermes agents/hermes/main.py [8201]",
                        "supervisord.conf#varys_10 agents/varys/main.py [8210]",
                        "supervisord.conf#varys_11 agents/varys/main.py [8211]",
                        "supervisord.conf#secret null [] the port on the command line is the variable VARYS_PORT, which is not set here");
    }

    @Test
    void whatAnImageCopiesIsNotStartedOnTheHost() throws IOException, InterruptedException {
        write(
                "Dockerfile",
                "FROM python:3.12\nCOPY supervisord.conf /etc/\nCMD [\"supervisord\", \"-c\", \"/etc/supervisord.conf\"]\n");
        write("supervisord.conf", "[program:hermes]\ncommand=uvicorn main:app --port 8201\ndirectory=/app\n");
        assertThat(declared().launches().all())
                .filteredOn(launch -> launch.kind() == Launch.Kind.PROCESS)
                .singleElement()
                .satisfies(launch -> assertThat(launch.onHost()).isFalse());
    }

    @Test
    void pm2StartsByEndingAndAnotherEnvironmentLeavesThePortOpen() throws IOException, InterruptedException {
        write("ecosystem.config.json", """
                {"apps": [
                  {"name": "hermes", "script": "main.py", "cwd": "agents/hermes", "env": {"PORT": 8301}},
                  {"name": "varys", "script": "agents/varys/main.py", "interpreter": "/usr/bin/python3",
                   "env": {"PORT": 8302}, "env_production": {"PORT": 80}},
                  {"name": "nothing"}
                ]}
                """);
        assertThat(launches())
                .containsExactly(
                        "ecosystem.config.json#hermes agents/hermes/main.py [8301]",
                        "ecosystem.config.json#varys agents/varys/main.py [] whoever runs it chooses PORT");
    }

    @Test
    void pm2sInterpreterReadsAFileOfVariables() throws IOException, InterruptedException {
        write("agents/pump/index.js", "require('express')().listen(process.env.PORT || 3000);\n");
        write("agents/pump/pump.env", "PORT=4502\n");
        write("ecosystem.config.cjs", """
                module.exports = {apps: [
                  {name: 'pump', cwd: 'agents/pump', script: 'index.js', node_args: '--env-file=pump.env'},
                  {name: 'gone', cwd: 'agents/pump', script: 'index.js', node_args: ['--env-file=gone.env']},
                  {name: 'maybe', cwd: 'agents/pump', script: 'index.js', node_args: '--env-file-if-exists=gone.env'},
                  {name: 'given', cwd: 'agents/pump', script: 'index.js', node_args: '--env-file=pump.env', env: {PORT: 4600}},
                ]};
                """);
        assertThat(launches())
                .containsExactly(
                        "ecosystem.config.cjs#pump agents/pump/index.js [4502]",
                        "ecosystem.config.cjs#gone agents/pump/index.js [] the file gone.env that its variables come from is not in the scanned tree",
                        "ecosystem.config.cjs#maybe agents/pump/index.js [3000]",
                        "ecosystem.config.cjs#given agents/pump/index.js [4600]");
    }

    @Test
    void aScriptThatLooksAfterFilesIsNoServer() {
        assertThat(
                        JobRunners.isHousekeeping(
                                "#!/bin/sh\nwhile :; do\n  find \"$PHOTOS\" -name '*.tmp' -mtime \"+$DAYS\" -delete\n  sleep 3600\ndone\n"))
                .isTrue();
        assertThat(List.of(
                        "exec python main.py",
                        "sleep 1; ./serve",
                        "sleep 1 & ./serve",
                        "find . -exec ./serve {} +",
                        "echo $(./serve)",
                        "if true; then nginx; fi",
                        "echo \"`./serve`\"",
                        "trap 'x' EXIT\n. ./serve.sh"))
                .noneMatch(JobRunners::isHousekeeping);
        assertThat(JobRunners.isHousekeeping("do ".repeat(50_000))).isFalse();
    }

    @Test
    void anEcosystemFileThatIsOneLiteralIsReadAndOneThatComputesIsToldUnread()
            throws IOException, InterruptedException {
        write("ecosystem.config.js", """
                // what PM2 starts
                const base = 8300;
                module.exports = {
                  apps: [
                    {name:'hermes', script: "main.py", cwd: './agents/hermes', env: {PORT:8301, URL: 'http://x:1/'}}, /* the first */
                    {
                      name: "varys",
                      script: 'agents/varys/main.py',
                      cwd: __dirname,
                      env: { PORT: base + 2 },
                    },
                  ],
                };
                """);
        assertThat(launches())
                .containsExactly(
                        "ecosystem.config.js#hermes agents/hermes/main.py [8301]",
                        "ecosystem.config.js#varys agents/varys/main.py [] whoever runs it chooses PORT");
        assertThat(declared().declarations().processes().getFirst().line()).isEqualTo(5);
        for (String computing : List.of(
                "module.exports = {apps: [1, 2].map(n => ({name: `a${n}`, script: 'main.py'}))};",
                "module.exports = require('./apps');",
                "module.exports = {apps: [{name: 'a', script: path.join('a', 'main.py')}]};",
                "module.exports = {apps: [{name: 'a', script: 'it\\\\'s.py'}]};")) {
            write("ecosystem.config.js", computing);
            assertThat(launches()).as(computing).isEmpty();
            assertThat(declared().declarations().problems())
                    .as(computing)
                    .anyMatch(problem -> problem.message().contains("computes what PM2 starts"));
        }
    }

    @Test
    void aScriptThatLeavesProgramsRunningStartsEach() throws IOException, InterruptedException {
        write("start-all.sh", """
                #!/usr/bin/env bash
                set -euo pipefail
                HERE="$(cd "$(dirname "$0")" && pwd)"
                cd "$HERE"
                export LOG=info
                PORT=8401 python agents/hermes/main.py > /tmp/hermes.log 2>&1 &
                (cd agents/varys && PORT=8402 python main.py) &
                python "$HERE/agents/hermes/main.py" & PORT=8403 python agents/varys/main.py &
                if [ -n "$DEBUG" ]; then
                    python agents/hermes/main.py &
                fi
                wait
                """);
        assertThat(launches())
                .containsExactly(
                        "start-all.sh#main.py:6 agents/hermes/main.py [8401]",
                        "start-all.sh#main.py:7 agents/varys/main.py [8402]",
                        "start-all.sh#main.py:8 agents/hermes/main.py [8000]",
                        "start-all.sh#main.py:8 agents/varys/main.py [8403]",
                        "start-all.sh#main.py:10 agents/hermes/main.py [] the script decides when it runs whether it is started");
    }

    @Test
    void whatAScriptStartsIsAdoptedUnderTheNamesOfItsFoldersAndItsLineIsEvidence()
            throws IOException, InterruptedException {
        write("start.sh", "PORT=8401 python agents/hermes/main.py &\nPORT=8402 python agents/varys/main.py &\nwait\n");
        Read read = declared();
        assertThat(TreeAdoption.of(read.declarations(), read.launches().all()).agents())
                .extracting(AdoptedAgent::key)
                .containsExactly("hermes", "varys");
        assertThat(read.launches().all().getFirst().evidence())
                .extracting(Evidence::source)
                .containsExactly("code", "launch");
    }

    @Test
    void aScriptThatRunsOneThingAfterAnotherStartsNothingThatStays() throws IOException, InterruptedException {
        write("migrate.sh", "python agents/hermes/main.py\npython agents/varys/main.py && echo done\n");
        write("notes.sh", "cat <<EOF\npython agents/hermes/main.py &\npython agents/varys/main.py &\nEOF\n");
        assertThat(launches()).isEmpty();
    }

    @Test
    void aPackageFileStartsSeveralAtOnce() throws IOException, InterruptedException {
        write("package.json", """
                {
                  "scripts": {
                    "start": "concurrently -n a,b \\"npm:hermes\\" \\"PORT=8502 python agents/varys/main.py\\"",
                    "dev": "run-p 'dev:*'",
                    "hermes": "PORT=8501 python agents/hermes/main.py",
                    "dev:one": "PORT=8503 python agents/hermes/main.py",
                    "dev:two": "cd agents/varys && PORT=8504 python main.py"
                  }
                }
                """);
        assertThat(launches())
                .containsExactly(
                        "package.json#start/hermes agents/hermes/main.py [8501]",
                        "package.json#start/2 agents/varys/main.py [8502]",
                        "package.json#dev/dev:one agents/hermes/main.py [8503]",
                        "package.json#dev/dev:two agents/varys/main.py [8504]");
    }

    @Test
    void badInputIsAProblemOrNothing() throws IOException, InterruptedException {
        write("package.json", "{\"scripts\": ");
        write("ecosystem.config.json", "{\"apps\": [");
        write("Procfile", "web:\n: x\n\u0000\n");
        write("supervisord.conf", "[program:]\ncommand\n[program:x]\n=\n  y\n[[[\n");
        write("run.sh", "(((( & ' \" &\n".repeat(200));
        assertThat(launches()).allMatch(launch -> launch.startsWith("supervisord.conf#x"));
        assertThat(declared().declarations().problems())
                .anyMatch(problem -> problem.file().equals("ecosystem.config.json"));
    }

    @Test
    @Timeout(60)
    void hostileFilesStayBounded() throws IOException, InterruptedException {
        String many = "x".repeat(200_000);
        write("a.sh", "python main.py & ".repeat(15_000));
        write("b.sh", "if " + " ".repeat(200_000) + "x\n");
        write("c.sh", ("python main.py &\n").repeat(15_000));
        write("README.md", "docker compose ".repeat(17_000));
        write("one/compose.yml", "services: {a: {image: x}}");
        write("two/compose.yml", "services: {b: {image: x}}");
        write(
                "package.json",
                "{\"scripts\": {\"start\": \"run-p " + "*".repeat(40) + "x " + "a* ".repeat(20_000) + "\", \""
                        + "a".repeat(5_000) + "\": \"node x.js\"}}");
        write(
                "supervisord.conf",
                "[program:x]\ncommand=a\n" + " b\n".repeat(60_000) + "environment=A=\"" + "\"A=".repeat(50_000));
        write("ecosystem.config.js", "module.exports = {apps: [" + "/*".repeat(100_000));
        write("Procfile", "web: " + many + "\n" + "w: python main.py\n".repeat(10_000));
        assertThat(declared().declarations().processes()).hasSizeLessThan(2_000);
    }

    private List<String> launches() throws InterruptedException, IOException {
        return declared().launches().all().stream()
                .map(launch -> (launch.id() + " " + launch.program() + " " + launch.bound() + " "
                                + (launch.unknown() == null ? "" : launch.unknown()))
                        .strip())
                .toList();
    }

    private Read declared() throws InterruptedException, IOException {
        DeclarationsReader reader =
                new DeclarationsReader(new CodeReader(FactCache.none(), CodeReader.HEALTH_ENDPOINTS));
        Registry registry = new Registry("registry.yaml", null, null, Map.of(), List.of(), List.of(), Intents.NONE);
        DeclarationsReader.Result result = reader.read(
                new DeclarationsReader.Request(root.toRealPath(), "agents", null, registry, Duration.ofSeconds(30)));
        Declarations declarations = ((DeclarationsReader.Result.Read) result).declarations();
        return new Read(declarations, new Launches(declarations, new Images(declarations)));
    }

    private record Read(Declarations declarations, Launches launches) {}

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
