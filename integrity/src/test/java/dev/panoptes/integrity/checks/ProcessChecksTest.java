package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What PM2, supervisord and Procfiles start: what must fail, what must not, and what is not known. */
class ProcessChecksTest {
    private static final String SERVER = "require('http').createServer(() => {}).listen(process.env.PORT)";

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    @Test
    void twoApplicationsOfPm2OnOnePortCannotRun() throws InterruptedException {
        tree.file("feed/index.js", SERVER).file("push/index.js", SERVER).file("own/index.js", SERVER);
        tree.file(
                "ecosystem.config.cjs",
                "module.exports = { apps: [",
                "  { name: 'feed', script: 'feed/index.js', env: { PORT: 4100 } },",
                "  { name: 'push', script: 'push/index.js', env: { PORT: 4100 } },",
                "  { name: 'own', script: 'own/index.js', env: { PORT: 4101 } },",
                "  { name: 'open', script: 'own/index.js', env: { PORT: process.env.PORT } },",
                "] };");
        assertThat(tree.verdicts(new ProcessPortConflictCheck()))
                .hasSize(3)
                .contains(
                        "fail ecosystem.config.cjs:4100 [ecosystem.config.cjs#feed, ecosystem.config.cjs#push]",
                        "pass ecosystem.config.cjs:4101")
                .anyMatch(line -> line.startsWith("unknown ecosystem.config.cjs#open: What"));
        tree.file(
                "agent-registry.yaml",
                "agents:",
                "  feed: {path: feed, connection: {url: 'http://localhost:4100'}, actions: {a: /a}}",
                "  push: {path: push, connection: {url: 'http://localhost:4100'}, actions: {a: /a}}");
        assertThat(tree.accusations()).anyMatch(line -> line.startsWith("port-conflict"));
    }

    @Test
    void copiesOfAProgramOfSupervisordNeedPortsOfTheirOwn() throws InterruptedException {
        tree.file("a/main.py", "from fastapi import FastAPI\napp = FastAPI()");
        tree.file(
                "supervisord.conf",
                "[program:same]",
                "command=uvicorn main:app --host 0.0.0.0 --port 8000",
                "directory=%(here)s/a",
                "numprocs=2",
                "process_name=%(program_name)s_%(process_num)s",
                "[program:apart]",
                "command=uvicorn main:app --host 0.0.0.0 --port 81%(process_num)02d",
                "directory=%(here)s/a",
                "numprocs=2",
                "[program:one]",
                "command=uvicorn main:app --host 127.0.0.1 --port 8200",
                "directory=%(here)s/a",
                "[program:other]",
                "command=uvicorn main:app --host 127.0.0.2 --port 8200",
                "directory=%(here)s/a");
        assertThat(tree.verdicts(new ProcessPortConflictCheck()))
                .containsExactly(
                        "fail supervisord.conf:8000 [supervisord.conf#same_0, supervisord.conf#same_1]",
                        "pass supervisord.conf:8100",
                        "pass supervisord.conf:8101",
                        "pass supervisord.conf:8200");
    }

    @Test
    void aProcfileGivesEachProcessAPortOfItsOwn() throws InterruptedException {
        tree.file("web.js", SERVER).file("api.js", SERVER).file(".env", "PORT=5000");
        tree.file("Procfile", "web: node web.js", "api: node api.js");
        assertThat(tree.verdicts(new ProcessPortConflictCheck()))
                .containsExactly("pass Procfile:5000", "pass Procfile:5100");
    }

    @Test
    void processesOfAProcfileOnOnePortCannotRunOnOneMachine() throws InterruptedException {
        tree.file("web.js", "require('http').createServer(() => {}).listen(7000)")
                .file("api.js", "require('http').createServer(() => {}).listen(7000)")
                .file("Procfile", "web: node web.js", "api: node api.js")
                .file("Procfile.dev", "web: node web.js", "api: node api.js");
        assertThat(tree.verdicts(new ProcessPortConflictCheck()))
                .hasSize(2)
                .contains("fail Procfile.dev:7000 [Procfile.dev#web, Procfile.dev#api]")
                .anyMatch(line ->
                        line.startsWith("unknown Procfile:7000: Whether what binds port 7000 runs on one machine"));
        tree.file("README.md", "Run `foreman start`.");
        assertThat(tree.verdicts(new ProcessPortConflictCheck()))
                .contains("fail Procfile:7000 [Procfile#web, Procfile#api]");
    }

    @Test
    void theConfigurationThatACommandNamesMustBeThere() throws InterruptedException {
        tree.file("config/there.rb", "port 1").file(".gitignore", "config/placed.rb");
        tree.file(
                "Procfile",
                "gone: bundle exec puma -C config/gone.rb -p $PORT",
                "there: bundle exec puma --config=config/there.rb",
                "placed: puma -C config/placed.rb",
                "none: puma -C -",
                "far: puma -C /etc/puma.rb",
                "open: puma -C $CONF.rb",
                "module: gunicorn -c python:conf main:app",
                "other: rackup -C config/gone.rb");
        assertThat(tree.accusations())
                .containsExactly(
                        "process-missing-script: Procfile#gone is configured by config/gone.rb, which does not exist");
    }

    @Test
    void aRecipeRunsAScriptThatIsThere() throws InterruptedException {
        tree.file("scripts/there.sh", "true").file(".gitignore", "scripts/placed.sh");
        tree.file(
                "Makefile",
                "all:",
                "\tnode scripts/gone.mjs --all",
                "\t@./scripts/there.sh",
                "\tbash scripts/placed.sh",
                "\tcd web && node scripts/other.js",
                "\tpython $(DIR)/x.py",
                "\tpython3 dist/made.py",
                "\tcurl -o fetched.py https://example.org/",
                "\tpython3 fetched.py",
                "\tdocker compose run a \\",
                "\tnode inside.js");
        assertThat(tree.verdicts(new MakeMissingScriptCheck()))
                .containsExactlyInAnyOrder(
                        "fail Makefile#scripts/gone.mjs [Makefile]", "pass Makefile#scripts/there.sh");
        tree.file("Makefile", ".ONESHELL:", "all:", "\tnode scripts/gone.mjs");
        assertThat(tree.verdicts(new MakeMissingScriptCheck())).isEmpty();
    }

    @Test
    void aModuleOfAPackageOfTheTreeMustBeThere() throws InterruptedException {
        tree.file("jobs/__init__.py", "").file("jobs/run.py", "import time").file("loose/a.py", "import time");
        tree.file(
                "Procfile",
                "gone: python -m jobs.runner",
                "here: python -m jobs.run",
                "installed: python -m celery worker",
                "space: python -m loose.b");
        assertThat(tree.verdicts(new ProcessMissingScriptCheck()))
                .containsExactlyInAnyOrder("fail Procfile#gone [Procfile#gone]", "pass Procfile#here");
    }

    @Test
    void theScriptIsThereOrMade() throws InterruptedException {
        tree.file(".gitignore", "made.js").file("here/index.js", SERVER).file("x/worker.py", "import time");
        tree.file(
                "ecosystem.config.cjs",
                "module.exports = { apps: [",
                "  { name: 'here', script: './here' },",
                "  { name: 'gone', script: './mailer/index.js' },",
                "  { name: 'built', script: 'dist/index.js' },",
                "  { name: 'made', script: 'made.js' },",
                "  { name: 'away', script: 'a.js', cwd: '/opt/away' },",
                "  { name: 'npm', script: 'npm', args: 'start' },",
                "  { name: 'computed', script: file },",
                "] };");
        tree.file("Procfile", "worker: python x/worker.py", "beat: python x/beat.py");
        assertThat(tree.verdicts(new ProcessMissingScriptCheck()))
                .contains(
                        "fail Procfile#beat [Procfile#beat]",
                        "fail ecosystem.config.cjs#gone [ecosystem.config.cjs#gone]")
                .anyMatch(line -> line.startsWith("unknown ecosystem.config.cjs#computed: Whether"))
                .noneMatch(line -> line.matches("fail .*#(here|built|made|away|npm|worker) .*"));
    }

    @Test
    void whatARuleNeedsIsATargetOrAFile() throws InterruptedException {
        tree.file("there/x", "").file("tool.c", "int main() {}").file(".gitignore", "made");
        tree.file(
                "Makefile",
                "PORT := 80",
                ".PHONY: all nowhere",
                "all: build gone there tool made | dirs",
                "\t$(MAKE) lost",
                "\t$(MAKE) build",
                "build dirs: ; true",
                "computed: $(ALL)",
                "x: PORT=1");
        assertThat(tree.verdicts(new MakeMissingScriptCheck()))
                .containsExactly(
                        "fail Makefile#gone [Makefile]",
                        "fail Makefile#lost [Makefile]",
                        "pass Makefile#build",
                        "pass Makefile#there",
                        "pass Makefile#tool");
        assertThat(tree.accusations())
                .contains("make-missing-script: Makefile needs gone, which is neither a target nor a file");
        tree.file("Makefile", "include more.mk", "all: gone");
        assertThat(tree.verdicts(new MakeMissingScriptCheck())).isEmpty();
        tree.file("Makefile", "%: %.x", "\ttrue", "all: gone");
        assertThat(tree.verdicts(new MakeMissingScriptCheck())).isEmpty();
    }
}
