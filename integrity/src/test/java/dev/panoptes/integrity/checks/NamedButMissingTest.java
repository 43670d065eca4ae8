package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and units that something names: those that are not there, those that are, and those of which that is not known. */
class NamedButMissingTest {
    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    private FleetTree unit(String name, String... lines) {
        return tree.file("agents/" + name + "/main.py", "import time")
                .file(
                        "units/" + name + ".service",
                        "[Unit]\n" + String.join("\n", lines) + "\n[Service]\nWorkingDirectory=/srv/fleet/agents/"
                                + name + "\nExecStart=/usr/bin/python3 main.py");
    }

    private FleetTree environment(String name, String... lines) {
        return tree.file("agents/" + name + "/main.py", "import time")
                .file(
                        "units/" + name + ".service",
                        "[Service]\nWorkingDirectory=/srv/fleet/agents/" + name
                                + "\nExecStart=/usr/bin/python3 main.py\n" + String.join("\n", lines));
    }

    @Test
    void anEnvFileThatNothingMakesIsMissing() throws InterruptedException {
        tree.file("here.env", "A=1").file("example.env.example", "A=").file("told.sh", "cp secrets/told.env told.env");
        tree.file(".gitignore", "ignored.env");
        tree.file(
                "compose.yaml",
                "services:",
                "  gone: {image: x, env_file: gone.env}",
                "  list: {image: x, env_file: [here.env, {path: gone.env}]}",
                "  optional: {image: x, env_file: [{path: gone.env, required: false}]}",
                "  here: {image: x, env_file: here.env}",
                "  example: {image: x, env_file: example.env}",
                "  ignored: {image: x, env_file: ignored.env}",
                "  told: {image: x, env_file: told.env}",
                "  absolute: {image: x, env_file: /etc/x.env}",
                "  open: {image: x, env_file: '${WHICH}.env'}");
        assertThat(tree.verdicts(new ComposeMissingEnvFileCheck()))
                .containsExactly(
                        "fail compose.yaml#gone [compose.yaml#gone]",
                        "fail compose.yaml#list [compose.yaml#list]",
                        "pass compose.yaml#here",
                        "unknown compose.yaml#example: Whether the env_file example.env is there is not known:"
                                + " example.env.example lies beside it, so it is made by hand where it is deployed",
                        "unknown compose.yaml#ignored: Whether the env_file ignored.env is there is not known: the path"
                                + " ignored.env is excluded by .gitignore, so it is made or placed by hand where it is"
                                + " deployed",
                        "unknown compose.yaml#told: Whether the env_file told.env is there is not known: told.sh:1 speaks"
                                + " of it and may make it");
    }

    @Test
    void theExampleOfADottedFileIsFoundToo() throws InterruptedException {
        tree.file("a/env.example", "A=").file("b/.env.sample", "A=").file("c/.env.production", "A=");
        tree.file("a/compose.yaml", "services:\n  a: {image: x, env_file: .env}");
        tree.file("b/compose.yaml", "services:\n  b: {image: x, env_file: .env}");
        tree.file("c/compose.yaml", "services:\n  c: {image: x, env_file: .env}");
        assertThat(tree.verdicts(new ComposeMissingEnvFileCheck()))
                .anyMatch(line -> line.startsWith("unknown a/compose.yaml#a"))
                .anyMatch(line -> line.startsWith("unknown b/compose.yaml#b"))
                .anyMatch(line -> line.startsWith("fail c/compose.yaml#c"));
    }

    @Test
    void anEnvironmentFileWithoutADashIsRequired() throws InterruptedException {
        environment("gone", "EnvironmentFile=/srv/fleet/etc/gone.env");
        environment("dash", "EnvironmentFile=-/srv/fleet/etc/dash.env");
        environment("here", "EnvironmentFile=/srv/fleet/etc/here.env");
        environment("reset", "EnvironmentFile=/srv/fleet/etc/reset.env", "EnvironmentFile=");
        environment("pattern", "EnvironmentFile=/srv/fleet/etc/*.env");
        environment("elsewhere", "EnvironmentFile=/etc/default/elsewhere");
        environment("sample", "EnvironmentFile=/srv/fleet/etc/sample.env");
        tree.file("etc/here.env", "A=1").file("etc/sample.env.sample", "A=1");
        assertThat(tree.verdicts(new UnitMissingEnvFileCheck()))
                .containsExactly(
                        "fail gone [gone, units/gone.service]",
                        "pass here",
                        "unknown sample: Whether the environment file /srv/fleet/etc/sample.env is there is not known:"
                                + " etc/sample.env.sample lies beside it, so it is made by hand where it is deployed");
    }

    @Test
    void whatATriggerStartsIsInTheTreeOrOfAPackage() throws InterruptedException {
        unit("report");
        tree.file("units/report.timer", "[Timer]\nOnCalendar=daily\nUnit=reports.service")
                .file("units/gamma.socket", "[Socket]\nListenStream=7310")
                .file("units/conn.socket", "[Socket]\nListenStream=7311\nAccept=yes")
                .file("units/conn@.service", "[Service]\nExecStart=/bin/cat")
                .file("units/quad.timer", "[Timer]\nOnCalendar=daily")
                .file("units/quad.container", "[Container]\nImage=x")
                .file("units/filled.timer", "[Timer]\nOnCalendar=daily")
                .file("templates/filled.service.j2", "[Service]")
                .file("units/logrotate.timer", "[Timer]\nOnCalendar=hourly")
                .file("units/made.path", "[Path]\nPathExists=/x")
                .file("install.sh", "cat > /etc/systemd/system/made.service <<EOF");
        assertThat(tree.verdicts(new TriggerWithoutServiceCheck()))
                .containsExactly(
                        "fail units/gamma.socket [units/gamma.socket]",
                        "fail units/report.timer [units/report.timer]",
                        "pass units/conn.socket",
                        "pass units/filled.timer",
                        "pass units/quad.timer",
                        "unknown units/made.path: Whether made.service is there is not known: it is not in the tree, but"
                                + " install.sh:1 speaks of it and may make it");
        assertThat(Verdicts.failure(new TriggerWithoutServiceCheck(), tree.world(), "units/report.timer")
                        .recommendation())
                .contains("report.service");
    }

    @Test
    void whatAUnitRequiresIsMissingOnlyWhereItIsSurelyTheFleetsOwn() throws InterruptedException {
        unit("acme-api", "Requires=acme-db.service postgresql.service");
        unit("acme-web", "BindsTo=acme-apl.service", "After=acme-apl.service");
        unit("acme-job", "Requires=database.service");
        unit("acme-two", "Requires=acme-api.service", "After=network-online.target");
        unit("acme-ord", "After=acme-cache.service redis.service other.service");
        assertThat(tree.verdicts(new UnitMissingDependencyCheck()))
                .containsExactly(
                        "fail acme-api [acme-api, units/acme-api.service]",
                        "fail acme-web [acme-web, units/acme-web.service]",
                        "pass acme-two",
                        "unknown acme-job: Whether database.service is there is not known: it is not in the tree; whether"
                                + " the host has it is not known");
        assertThat(tree.verdicts(new UnitOrdersNothingCheck()))
                .containsExactly("fail acme-ord [acme-ord, units/acme-ord.service]");
        assertThat(Verdicts.failure(new UnitMissingDependencyCheck(), tree.world(), "acme-web")
                        .recommendation())
                .contains("acme-api.service");
    }

    @Test
    void anotherNumberIsAnotherInstanceAndNoSlip() throws InterruptedException {
        unit("worker1", "Requires=worker2.service");
        assertThat(tree.verdicts(new UnitMissingDependencyCheck()))
                .singleElement()
                .asString()
                .startsWith("unknown worker1");
    }

    @Test
    void theUnitThatTheRegistryNamesIsThereWhereOthersAre() throws InterruptedException {
        unit("parser");
        unit("indexer");
        tree.file(
                "agent-registry.yaml",
                "agents:",
                "  parser: {unit: parser.service, connection: {url: 'http://localhost:1'}, actions: {a: /a}}",
                "  indexer: {unit: index, connection: {url: 'http://localhost:2'}, actions: {a: /a}}",
                "  db: {unit: postgresql.service, connection: {url: 'http://localhost:3'}, actions: {a: /a}}",
                "  away: {unit: away.service, host: other, connection: {url: 'http://localhost:4'}, actions: {a: /a}}");
        assertThat(tree.verdicts(new RegistryMissingUnitCheck()))
                .containsExactly("fail indexer [indexer]", "pass parser");
    }

    @Test
    void aRegistryWhoseUnitsAreAllElsewhereIsUnknown() throws InterruptedException {
        unit("helper");
        tree.file(
                "agent-registry.yaml",
                "agents:",
                "  a: {unit: fleet-a.service, connection: {url: 'http://localhost:1'}, actions: {a: /a}}");
        assertThat(tree.verdicts(new RegistryMissingUnitCheck()))
                .singleElement()
                .asString()
                .startsWith("unknown a: Whether fleet-a.service is there is not known");
    }

    @Test
    void aTreeWithoutUnitsKeepsThemElsewhere() throws InterruptedException {
        tree.file(
                "agent-registry.yaml",
                "agents:",
                "  a: {unit: fleet-a.service, connection: {url: 'http://localhost:1'}, actions: {a: /a}}");
        assertThat(tree.verdicts(new RegistryMissingUnitCheck())).isEmpty();
    }

    private void supervised(String name, String base, String lines, String program) {
        tree.file(name + "/supervisord.conf", "[program:web]", program)
                .file(name + "/bin/queue.sh", "#!/bin/sh", "sleep 1")
                .file(
                        name + "/Dockerfile",
                        "FROM " + base,
                        "WORKDIR /app",
                        "COPY supervisord.conf /etc/supervisord.conf",
                        "COPY bin bin",
                        lines,
                        "CMD [\"supervisord\", \"-c\", \"/etc/supervisord.conf\"]");
    }

    @Test
    void aScriptThatNothingPutsIntoTheImageIsMissing() throws InterruptedException {
        String elsewhere = "command=/usr/local/bin/queue.sh";
        supervised("elsewhere", "python:3.12", "RUN apt-get install -y supervisor curl git", elsewhere);
        supervised("there", "python:3.12", "COPY bin/queue.sh /usr/local/bin/", elsewhere);
        supervised("here", "python:3.12", "", "command=/app/bin/queue.sh");
        supervised("beside", "python:3.12", "", "command=bash bin/gone.sh");
        supervised("fetched", "python:3.12", "RUN curl -o /x https://example.org/x", elsewhere);
        supervised("system", "python:3.12", "", "command=/usr/bin/queue.sh");
        supervised("other", "company/python", "", elsewhere);
        assertThat(tree.verdicts(new ProcessMissingScriptCheck()))
                .containsExactly(
                        "fail beside/supervisord.conf#web [beside/supervisord.conf#web]",
                        "fail elsewhere/supervisord.conf#web [elsewhere/supervisord.conf#web]");
        assertThat(tree.accusations())
                .contains("process-missing-script: elsewhere/supervisord.conf#web starts /usr/local/bin/queue.sh,"
                        + " which does not exist");
    }

    @Test
    void soIsTheScriptOfACommand() throws InterruptedException {
        tree.file("gone/server.py", "x = 1").file("there/docker/start.sh", "exec true");
        tree.file(
                        "gone/Dockerfile",
                        "FROM python:3.12",
                        "WORKDIR /app",
                        "COPY server.py .",
                        "CMD [\"/usr/local/bin/start.sh\"]")
                .file(
                        "there/Dockerfile",
                        "FROM python:3.12",
                        "WORKDIR /app",
                        "COPY docker/start.sh /usr/local/bin/",
                        "CMD [\"/usr/local/bin/start.sh\"]")
                .file("base/x", "")
                .file(
                        "base/Dockerfile",
                        "FROM node:22",
                        "COPY x /x",
                        "ENTRYPOINT [\"/usr/local/bin/docker-entrypoint.sh\"]");
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck()))
                .hasSize(3)
                .contains("fail gone/Dockerfile [gone, gone/Dockerfile]", "pass there/Dockerfile")
                .anyMatch(line -> line.startsWith("unknown base/Dockerfile"));
    }

    @Test
    void theScriptOfAnEntryPointAndTheApplicationBehindItAreJudged() throws InterruptedException {
        tree.file("docker/entrypoint.sh", "#!/bin/sh", "exec \"$@\"")
                .file("clinic/celery.py", "from celery import Celery", "app = Celery('x')")
                .file("clinic/__init__.py", "")
                .file("server.py", "x = 1");
        for (String[] each : new String[][] {{"gone", "/docker-entrypoint.sh"}, {"there", "/entrypoint.sh"}}) {
            tree.file(
                    each[0] + ".Dockerfile",
                    "FROM python:3.12",
                    "WORKDIR /app",
                    "RUN pip install celery",
                    "COPY docker/entrypoint.sh /entrypoint.sh",
                    "COPY . .",
                    "ENTRYPOINT [\"" + each[1] + "\"]",
                    "CMD [\"python\", \"server.py\"]");
        }
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck()))
                .containsExactly("fail gone.Dockerfile [gone.Dockerfile]", "pass there.Dockerfile");
        tree.file(
                "compose.yaml",
                "x-build: &build {context: ., dockerfile: there.Dockerfile}",
                "services:",
                "  right: {build: *build, command: celery -A clinic worker}",
                "  wrong: {build: *build, command: celery -A config worker}");
        assertThat(tree.verdicts(new ComposeMissingModuleCheck()))
                .containsExactly("fail compose.yaml#wrong [compose.yaml#wrong]");
    }

    @Test
    void whatTheCommandOfAServiceNamesAsItsConfigurationIsThere() throws InterruptedException {
        tree.file("Gemfile", "gem 'sidekiq'")
                .file("worker.rb", "x = 1")
                .file(
                        "Dockerfile",
                        "FROM ruby:3.3",
                        "WORKDIR /app",
                        "COPY Gemfile* ./",
                        "RUN bundle install",
                        "COPY . .")
                .file(
                        "compose.yaml",
                        "services:",
                        "  gone: {build: ., command: bundle exec sidekiq -r ./workers.rb}",
                        "  there: {build: ., command: bundle exec sidekiq -r ./worker.rb}",
                        "  open: {build: ., command: bundle exec sidekiq -r /etc/workers.rb}");
        assertThat(tree.verdicts(new ComposeMissingModuleCheck()))
                .containsExactly("fail compose.yaml#gone [compose.yaml#gone]");
    }
}
