package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.declared.UnitFile;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units by the rules of systemd's own manual pages. */
class UnitFaultsTest {
    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    private FleetTree unit(String name, String... lines) {
        return tree.file("units/" + name, "[Service]\n" + String.join("\n", lines));
    }

    @Test
    void onlyOneshotMayHaveSeveralCommands() throws InterruptedException {
        unit("a.service", "ExecStart=/usr/bin/a");
        unit("a.service.d/more.conf", "ExecStart=/usr/bin/a --more");
        unit("b.service", "ExecStart=/usr/bin/b");
        unit("b.service.d/other.conf", "ExecStart=", "ExecStart=/usr/bin/b --other");
        unit("c.service", "Type=oneshot", "ExecStart=/usr/bin/c", "ExecStart=/usr/bin/d");
        unit("e.service", "ExecStart=/usr/bin/e ; /usr/bin/f");
        assertThat(tree.verdicts(new UnitDoubleExecCheck()))
                .containsExactly("fail a [units/a.service]", "fail e [units/e.service]", "pass b", "pass c");
    }

    @Test
    void systemdIsNoShell() throws InterruptedException {
        unit("a.service", "ExecStart=/usr/bin/a --port ${PORT:-8000}");
        unit("b.service", "ExecStart=/bin/sh -c 'exec b --port ${PORT:-8000} > /tmp/x'");
        unit("c.service", "Environment=PATH=$PATH:/opt/bin", "ExecStart=/usr/bin/c");
        unit("d.service", "Environment=PORT=1 HASH=$2b$10$abc", "ExecStart=/usr/bin/d $PORT ${PORT} --pid $MAINPID");
        unit("e.service", "ExecStart=/usr/bin/e && /usr/bin/f");
        assertThat(tree.verdicts(new UnitUnsupportedExpansionCheck()))
                .containsExactly(
                        "fail a [units/a.service]",
                        "fail c [units/c.service]",
                        "fail e [units/e.service]",
                        "pass b",
                        "pass d");
    }

    @Test
    void withinAWordAVariableNeedsBraces() throws InterruptedException {
        unit("a.service", "Environment=PORT=1", "ExecStart=/usr/bin/a --port=$PORT");
        unit("b.service", "Environment=PORT=1", "ExecStart=/usr/bin/b --port=${PORT} -b :$PORT");
        unit("c.service", "ExecStart=/usr/bin/c --port=${PORT} $PORT --cost=$$PRICE --hash=a$B --match=x$");
        unit("d.service", "ExecStart=/bin/sh -c 'exec d --port=$PORT'");
        unit("e.service", "ExecStart=/usr/bin/e -c $HOME_DIR/e.conf /srv/$NAME/x");
        assertThat(tree.verdicts(new UnitUnsupportedExpansionCheck()))
                .containsExactly(
                        "fail a [units/a.service]",
                        "fail b [units/b.service]",
                        "fail e [units/e.service]",
                        "pass c",
                        "pass d");
    }

    @Test
    void unitsThatExcludeEachOtherShareAPort() throws InterruptedException {
        String[] server = {
            "from flask import Flask", "app = Flask(__name__)", "if __name__ == '__main__':", "    app.run(port=8100)"
        };
        tree.agentsAt("agents")
                .agents("a", "http://a:8100", "b", "http://b:8100")
                .file("agents/a/main.py", server)
                .file("agents/b/main.py", server);
        for (String name : new String[] {"a", "b"}) {
            unit(name + ".service", "WorkingDirectory=/opt/fleet/agents/" + name, "ExecStart=/usr/bin/python3 main.py");
        }
        assertThat(tree.verdicts(new CodePortConflictCheck())).containsExactly("fail 8100 [a, b]");
        tree.file(
                "units/b.service",
                "[Unit]",
                "Conflicts=a.service",
                "[Service]",
                "WorkingDirectory=/opt/fleet/agents/b",
                "ExecStart=/usr/bin/python3 main.py");
        assertThat(tree.verdicts(new CodePortConflictCheck())).containsExactly("pass 8100");
    }

    @Test
    void anInstanceIsNoOthersWhereNothingElseStartsTheAgent() throws InterruptedException {
        tree.agentsAt("agents")
                .agents("pilot-east", "http://pilot-east:9431", "tug", "http://tug:9432", "buoy", "http://buoy:9433")
                .file(
                        "agents/harbor/main.py",
                        "import argparse",
                        "from flask import Flask",
                        "app = Flask(__name__)",
                        "p = argparse.ArgumentParser()",
                        "p.add_argument('--port', type=int)",
                        "app.run(port=p.parse_args().port)")
                .file("agents/buoy/main.py", "print(1)")
                .file("units/fleet.target", "[Unit]", "Wants=pilot@9431.service pilot@9432.service pilot@9433.service");
        unit(
                "pilot@.service",
                "WorkingDirectory=/opt/fleet/agents/harbor",
                "ExecStart=/usr/bin/python3 main.py --port %i");
        assertThat(tree.verdicts(new SystemdPortTakenByOtherAgentCheck()))
                .satisfiesExactly(
                        taken -> assertThat(taken).startsWith("fail pilot@9433 ["),
                        own -> assertThat(own).isEqualTo("pass pilot@9431"),
                        open -> assertThat(open).startsWith("unknown pilot@9432: Nothing else of the tree"));
    }

    @Test
    void tagsChooseTheFilesOfAProgram() throws InterruptedException {
        tree.agentsAt("agents")
                .agents("a", "http://a:9154")
                .file("agents/a/go.mod", "module example.org/a", "go 1.22")
                .file("agents/a/main.go", "package main", "func main() { serve() }")
                .file(
                        "agents/a/dev.go",
                        "//go:build !prod",
                        "",
                        "package main",
                        "import \"net/http\"",
                        "func serve() { http.ListenAndServe(\":1111\", nil) }")
                .file("compose.yaml", "services: {a: {build: agents/a, ports: ['9154:9154']}}");
        for (boolean tagged : new boolean[] {false, true}) {
            tree.file(
                    "agents/a/Dockerfile",
                    "FROM golang:1.22 AS b",
                    "WORKDIR /src",
                    "COPY . .",
                    "RUN go build " + (tagged ? "-tags prod " : "") + "-o /a .",
                    "FROM alpine",
                    "COPY --from=b /a /a",
                    "CMD [\"/a\"]");
            assertThat(tree.verdicts(new PortMismatchComposeContainerCheck()))
                    .singleElement()
                    .asString()
                    .startsWith(tagged ? "unknown" : "fail");
        }
    }

    @Test
    void dropInsOfPrefixesTemplatesAndAllServicesApply() throws InterruptedException {
        unit("service.d/10-all.conf", "Environment=ALL=1 WHO=all");
        unit("web-.service.d/20-web.conf", "Environment=WEB=1 WHO=web");
        unit("web-api.service", "ExecStart=/usr/bin/x");
        unit("web-api.service.d/10-all.conf", "Environment=OWN=1");
        unit("other.service", "ExecStart=/usr/bin/x");
        UnitFile api = tree.world().declarations().units().stream()
                .filter(file -> file.name().equals("web-api.service"))
                .findFirst()
                .orElseThrow();
        assertThat(api.environment())
                .containsEntry("OWN", "1")
                .containsEntry("WHO", "web")
                .doesNotContainKey("ALL");
        assertThat(tree.world().declarations().units().getFirst().environment()).containsEntry("WHO", "all");
    }

    @Test
    void theHomeDirectoryAndPlaceholdersStandForTheRoot() throws InterruptedException {
        tree.file("agents/a/service.js", "console.log(1)");
        unit("a.service", "WorkingDirectory=%h/fleet/agents/a", "ExecStart=/usr/bin/node service.js");
        unit("b.service", "WorkingDirectory=%h/fleet/agents/gone", "ExecStart=/usr/bin/node service.js");
        assertThat(tree.verdicts(new SystemdMissingWorkdirCheck()))
                .containsExactly("fail b [gone, units/b.service]", "pass a");
        unit("a.service", "WorkingDirectory=__INSTALL_DIR__/agents/a", "ExecStart=/usr/bin/node service.js");
        unit("b.service", "WorkingDirectory={{ elsewhere }}/agents/a", "ExecStart=/usr/bin/node service.js");
        assertThat(tree.verdicts(new SystemdMissingWorkdirCheck()))
                .anyMatch(line -> line.equals("pass a"))
                .anyMatch(line -> line.startsWith("pass b") || line.startsWith("unknown b"));
    }

    @Test
    void theRootMayBeDeployedInTwoPlaces() throws InterruptedException {
        for (String name : new String[] {"a", "b", "c"}) {
            tree.file("local/" + name + "/main.py", "import time");
            unit(name + ".service", "WorkingDirectory=/opt/fleet/local/" + name, "ExecStart=/usr/bin/python3 main.py");
        }
        for (String name : new String[] {"d", "e"}) {
            tree.file("services/" + name + "/index.js", "1");
            unit(name + ".service", "WorkingDirectory=/srv/other/services/" + name, "ExecStart=/usr/bin/node index.js");
        }
        unit(
                "f.service",
                "WorkingDirectory=/srv/other/services",
                "ExecStart=/usr/bin/node /srv/other/services/gone.js");
        assertThat(tree.verdicts(new SystemdMissingModuleCheck()))
                .contains("pass a", "pass d")
                .anyMatch(line -> line.startsWith("fail f "));
    }

    @Test
    void aJobThatEndsIsNotRestartedAlways() throws InterruptedException {
        unit("a.service", "Type=oneshot", "ExecStart=/usr/bin/a", "Restart=always");
        unit("b.service", "Type=oneshot", "ExecStart=/usr/bin/b", "Restart=on-failure");
        unit("c.service", "ExecStart=/usr/bin/c", "Restart=always");
        unit("d.service", "Type=oneshot", "ExecStart=/usr/bin/d", "Restart=on-success");
        unit("d.service.d/10.conf", "Restart=no");
        assertThat(tree.verdicts(new UnitRefusedCheck()))
                .containsExactly("fail a [units/a.service]", "pass b", "pass c", "pass d");
    }

    @Test
    void agentsWhoseUnitsNeverRunTogetherMayShareAPort() throws InterruptedException {
        for (String name : new String[] {"blue", "green", "red"}) {
            tree.file(name + "/main.py", "import uvicorn");
        }
        String start = "ExecStart=/usr/bin/uvicorn main:app --port 8091\nWorkingDirectory=/srv/fleet/";
        tree.file("units/blue.service", "[Unit]\nConflicts=green.service\n[Service]\n" + start + "blue")
                .file("units/green.service", "[Service]\n" + start + "green")
                .file("units/red.service", "[Service]\n" + start + "red");
        String agents = "agents:\n  blue: {connection: {url: 'http://localhost:8091'}}\n"
                + "  green: {connection: {url: 'http://localhost:8091'}}\n";
        tree.file("agent-registry.yaml", agents);
        assertThat(tree.verdicts(new PortConflictCheck())).containsExactly("pass 8091");
        tree.file("agent-registry.yaml", agents + "  red: {connection: {url: 'http://localhost:8091'}}\n");
        assertThat(tree.verdicts(new PortConflictCheck())).containsExactly("fail 8091 [blue, green, red]");
    }
}
