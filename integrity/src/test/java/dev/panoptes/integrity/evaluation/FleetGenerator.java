package dev.panoptes.integrity.evaluation;

import dev.panoptes.integrity.evaluation.Fleet.Action;
import dev.panoptes.integrity.evaluation.Fleet.Agent;
import dev.panoptes.integrity.evaluation.Fleet.Chain;
import dev.panoptes.integrity.evaluation.Fleet.Compose;
import dev.panoptes.integrity.evaluation.Fleet.Dir;
import dev.panoptes.integrity.evaluation.Fleet.Docker;
import dev.panoptes.integrity.evaluation.Fleet.Program;
import dev.panoptes.integrity.evaluation.Fleet.Published;
import dev.panoptes.integrity.evaluation.Fleet.Service;
import dev.panoptes.integrity.evaluation.Fleet.Step;
import dev.panoptes.integrity.evaluation.Fleet.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Makes a fleet of about 60 directories, 40 agents, 50 units and a few compose files, with faults of every kind in it. */
final class FleetGenerator {
    private static final int REGISTERED = 26;
    private static final int UNREGISTERED = 6;
    private static final int LARGEST = 46;

    private final Prose prose;
    private final Fleet fleet = new Fleet();
    /** Agents that no fault has touched yet. */
    private final List<Agent> sound = new ArrayList<>();

    FleetGenerator(long seed) {
        prose = new Prose(seed);
        fleet.agentsPath = prose.one(List.of("agents", "services", "control-plane/agents", "src/agents"));
        fleet.unitsPath = prose.one(List.of("units", "deploy/systemd", "ops"));
        fleet.deployedAt = prose.one(List.of("/opt/acme", "/srv/fleet", "/home/deploy/app"));
    }

    Fleet generate() {
        for (int i = 0; i < 3; i++) {
            fleet.composeFiles.add(new Compose(
                    List.of("docker-compose.yml", "infra/compose.yaml", "deploy/docker-compose.prod.yml")
                            .get(i),
                    new ArrayList<>()));
        }
        for (int i = 0; i < REGISTERED; i++) {
            soundAgent();
        }
        for (int i = 0; i < UNREGISTERED; i++) {
            Dir dir = directory(prose.word(), prose.one(CodeStyle.READ));
            if (prose.chance(40)) {
                dockerize(dir, entryPort(dir), prose.chance(60));
            }
            if (prose.chance(30)) {
                unit(dir, null);
            }
        }
        neighbours();
        sound.addAll(fleet.agents);
        RegistryFaults.plant(fleet, this::take, prose);
        codeFaults();
        deploymentFaults();
        bystanders();
        return fleet;
    }

    // --- what is right ---

    private void soundAgent() {
        String key = prose.chance(25) ? prose.word() + "-" + prose.word() : prose.word();
        String name = prose.chance(40)
                ? prose.word().toUpperCase(Locale.ROOT)
                : prose.chance(30) ? title(key) : key.toUpperCase(Locale.ROOT);
        int port = prose.port();
        String folder = prose.chance(20) ? key.replace('-', '_') : key;
        CodeStyle style = prose.one(CodeStyle.READ);
        Dir dir = new Dir(folder);
        style.write(dir, prose.chance(30) ? key.replace('-', ' ') : name, port, prose);
        fleet.dirs.add(dir);
        distract(dir);
        Agent agent = new Agent(key, name, port);
        agent.core = prose.chance(60);
        agent.actions.add(new Action("run", "/run", "POST"));
        agent.actions.add(new Action("status", "/status", "GET"));
        fleet.agents.add(agent);
        boolean outside = !style.bindsItself();
        if (outside || prose.chance(40)) {
            dockerize(dir, port, outside || prose.chance(50));
        }
        if (agent.core || prose.chance(50)) {
            unit(dir, outside ? port : null);
        }
        if (dir.docker != null && prose.chance(60)) {
            compose(dir, key, port);
        }
    }

    private static String title(String key) {
        StringBuilder title = new StringBuilder();
        for (String word : key.split("-")) {
            title.append(title.isEmpty() ? "" : " ")
                    .append(word.substring(0, 1).toUpperCase(Locale.ROOT))
                    .append(word.substring(1));
        }
        return title.toString();
    }

    private Dir directory(String name, CodeStyle style) {
        Dir dir = new Dir(name);
        style.write(dir, name.toUpperCase(Locale.ROOT), prose.port(), prose);
        fleet.dirs.add(dir);
        return dir;
    }

    private void distract(Dir dir) {
        if (prose.chance(30)) {
            dir.files.put("tests/test_health.py", """
                    import uvicorn


                    def test_health():
                        uvicorn.run("main:app", port=%d)
                    """.formatted(prose.port()));
        }
        if (prose.chance(30)) {
            dir.files.put("helpers.py", "OTHERS = {\"a\": 8000, \"b\": 8001}\n\n\n" + prose.python(2 + prose.below(6)));
        }
        if (prose.chance(20)) {
            dir.files.put("README.md", "Runs on port " + prose.port() + "\n");
        }
        if (prose.chance(15)) {
            dir.files.put(
                    "node_modules/left/index.js", "require('http').createServer().listen(" + prose.port() + ");\n");
        }
        if (prose.chance(15)) {
            dir.files.put(".venv/lib/x.py", "import uvicorn\nuvicorn.run('x:app', port=" + prose.port() + ")\n");
        }
        if (prose.chance(20)) {
            dir.files.put("tools/load.py", prose.python(2) + "if __name__ == \"__main__\":\n    print(\"loaded\")\n");
        }
    }

    /** The port its entry binds, or the start script beside it. */
    private int entryPort(Dir dir) {
        return dir.programs.stream()
                .flatMap(program -> program.ports().stream())
                .findFirst()
                .orElseGet(prose::port);
    }

    private void dockerize(Dir dir, int port, boolean passes) {
        Program entry = dir.entry();
        boolean node = !entry.file().endsWith(".py");
        boolean shell = dir.files.containsKey("start.sh");
        String module = entry.file();
        String dotted = module.replace(".py", "").replace('/', '.');
        String command;
        Integer passed = null;
        if (shell && !passes) {
            command = "CMD [\"sh\", \"start.sh\"]";
            module = "start.sh";
        } else if (node) {
            command = module.endsWith(".go")
                    ? "CMD [\"/usr/local/bin/agent\"]"
                    : module.endsWith(".ts")
                            ? "CMD [\"npx\", \"tsx\", \"" + module + "\"]"
                            : "CMD [\"node\", \"" + module + "\"]";
            module = module.endsWith(".go") ? null : module;
        } else if (passes && entry.definesApp()) {
            passed = port;
            command = prose.one(List.of(
                    "CMD [\"uvicorn\", \"" + dotted + ":app\", \"--host\", \"0.0.0.0\", \"--port\", \"" + port + "\"]",
                    "CMD uvicorn " + dotted + ":app --host 0.0.0.0 --port " + port,
                    "ENTRYPOINT [\"gunicorn\", \"-b\", \"0.0.0.0:" + port + "\", \"" + dotted + ":app\"]"));
        } else {
            command = module.contains("/")
                    ? "CMD [\"python\", \"-m\", \"" + dotted + "\"]"
                    : "CMD [\"python\", \"" + module + "\"]";
        }
        dir.docker = new Docker(prose.chance(80) ? port : null, passed, command, module, true, null, copies(dir));
    }

    private String copies(Dir dir) {
        return switch (prose.below(4)) {
            case 0 -> "WORKDIR /srv/agent\nCOPY " + fleet.agentsPath + "/" + dir.name + "/ ./\n";
            case 1 -> "WORKDIR /app\nCOPY requirements.txt* ./\nRUN pip install -r requirements.txt\nCOPY . /app/\n";
            default -> Docker.ALL;
        };
    }

    /** @param port passed on the command line; null: the module decides */
    private void unit(Dir dir, Integer port) {
        Program entry = dir.entry();
        String home = fleet.deployedAt + "/" + fleet.agentsPath + "/" + dir.name;
        String dotted = entry.file().replace(".py", "").replace('/', '.');
        String module = entry.file();
        String command;
        if (entry.file().endsWith(".go")) {
            command = "/usr/local/bin/" + dir.name;
            module = null;
        } else if (dir.files.containsKey("start.sh")) {
            command = "/bin/sh " + home + "/start.sh";
            module = "start.sh";
        } else if (entry.file().endsWith(".ts")) {
            command = "/usr/bin/npx tsx server.ts";
        } else if (!entry.file().endsWith(".py")) {
            command = "/usr/bin/" + CodeStyle.command(entry);
        } else if (port != null) {
            command = prose.one(List.of(fleet.deployedAt + "/venv/bin/uvicorn", "/usr/bin/python3 -m uvicorn")) + " "
                    + dotted + ":app --host 0.0.0.0 --port " + port;
        } else if (entry.direct() && prose.chance(40)) {
            command = prose.one(List.of("/usr/bin/python3 ", fleet.deployedAt + "/venv/bin/python ")) + home + "/"
                    + entry.file();
        } else {
            command = "/usr/bin/" + CodeStyle.command(entry);
        }
        String name = prose.one(List.of("fleet-" + dir.name, dir.name, dir.name + "-agent")) + ".service";
        fleet.units.add(new Unit(fleet.unitsPath + "/" + name, dir.name, true, command, module, true, port, null));
    }

    private void compose(Dir dir, String key, int port) {
        Service service = new Service(key);
        service.builds = dir.name;
        service.fromRoot = dir.docker.copies().contains(fleet.agentsPath);
        int inside = dir.programs.stream()
                .flatMap(program -> program.ports().stream())
                .findFirst()
                .orElse(port);
        Integer passed = dir.docker.port();
        int container = passed == null ? inside : passed;
        switch (prose.below(4)) {
            case 0 ->
                service.ports.add(new Published("", port, container, "tcp", "\"" + port + ":" + container + "\""));
            case 1 ->
                service.ports.add(new Published(
                        "127.0.0.1", port, container, "tcp", "\"127.0.0.1:" + port + ":" + container + "\""));
            case 2 ->
                service.ports.add(new Published(
                        "",
                        port,
                        container,
                        "tcp",
                        "\"${" + key.toUpperCase(Locale.ROOT).replace('-', '_') + "_HOST_PORT:-" + port + "}:"
                                + container + "\""));
            default ->
                service.ports.add(new Published(
                        "",
                        port,
                        container,
                        "tcp",
                        "{target: " + container + ", published: \"" + port + "\", protocol: tcp}"));
        }
        if (prose.chance(40)) {
            service.health = container;
        }
        prose.one(fleet.composeFiles).services().add(service);
    }

    /** What stands beside the agents and is none, and agents that need no directory. */
    private void neighbours() {
        Dir shared = new Dir("shared");
        shared.files.put("base.py", """
                import uvicorn
                from fastapi import FastAPI


                def create_app(name):
                    app = FastAPI(title=name)

                    @app.get("/health")
                    def health():
                        return {"agent": name}

                    return app


                def run(app, port):
                    uvicorn.run(app, host="0.0.0.0", port=port)
                """);
        fleet.dirs.add(shared);
        Dir scripts = new Dir("scripts");
        scripts.files.put("backup.py", prose.python(4) + "if __name__ == \"__main__\":\n    print(\"done\")\n");
        fleet.dirs.add(scripts);
        Dir flow = new Dir(prose.word());
        flow.files.put("workflow.json", "{\"nodes\": []}\n");
        fleet.dirs.add(flow);
        Agent workflow = new Agent(flow.name, flow.name.toUpperCase(Locale.ROOT), prose.port());
        workflow.actions.add(new Action("run", "/run", "POST"));
        fleet.agents.add(workflow);
        Agent outside = new Agent(prose.word(), prose.word(), null);
        outside.url = "https://api." + prose.word() + ".example/v1";
        outside.actions.add(new Action("ask", "/ask", "POST"));
        fleet.agents.add(outside);
        Service cache = new Service("redis");
        cache.image = "redis:7";
        cache.ports.add(new Published("", 6379, 6379, "tcp", "\"6379:6379\""));
        fleet.composeFiles.getFirst().services().add(cache);
        Service names = new Service("dns");
        names.image = "coredns/coredns";
        names.ports.add(new Published("", 53, 53, "tcp", "\"53:53\""));
        names.ports.add(new Published("", 53, 53, "udp", "\"53:53/udp\""));
        fleet.composeFiles.get(1).services().add(names);
        fleet.units.add(new Unit(
                fleet.unitsPath + "/nightly-backup.service",
                "scripts",
                true,
                "/usr/bin/python3 backup.py",
                "backup.py",
                true,
                null,
                null));
        elsewhere();
        otherHost();
        oddities();
        templates();
        steps();
    }

    /** Agents whose directory and unit are called otherwise, as the registry says. */
    private void elsewhere() {
        for (int i = 0; i < 3; i++) {
            Dir dir = directory(prose.word(), prose.one(CodeStyle.SINGLE_FILE));
            Agent agent = new Agent(prose.word(), dir.entry().reports(), entryPort(dir));
            agent.actions.add(new Action("run", "/run", "POST"));
            agent.path = fleet.agentsPath + "/" + dir.name;
            agent.core = true;
            unit(dir, null);
            agent.unit = fleet.units.getLast().name().replace(".service", "");
            fleet.agents.add(agent);
        }
    }

    /** Another machine, with an agent on a port that is also used here. */
    private void otherHost() {
        fleet.hosts.put("edge-1", "10.20.30.40");
        for (int i = 0; i < 2; i++) {
            Agent here = fleet.agents.get(i);
            Dir dir = new Dir(prose.word());
            prose.one(CodeStyle.SINGLE_FILE).write(dir, dir.name.toUpperCase(Locale.ROOT), here.port, prose);
            fleet.dirs.add(dir);
            Agent there = new Agent(dir.name, dir.entry().reports(), here.port);
            there.host = "edge-1";
            there.actions.add(new Action("run", "/run", "POST"));
            fleet.agents.add(there);
        }
    }

    /** Unusual ways to write what is right. */
    private void oddities() {
        // a unit through a shell, one for all containers, one whose variable says what the code says anyway
        Dir shell = directory(prose.word(), CodeStyle.FASTAPI_GUARD);
        String home = fleet.deployedAt + "/" + fleet.agentsPath + "/" + shell.name;
        fleet.units.add(new Unit(
                fleet.unitsPath + "/" + shell.name + ".service",
                shell.name,
                true,
                "/bin/bash -c 'source " + home + "/venv/bin/activate && cd " + home + " && exec python3 main.py'",
                "main.py",
                true,
                null,
                null));
        fleet.units.add(new Unit(
                fleet.unitsPath + "/containers.service",
                null,
                true,
                "/usr/bin/docker compose -f " + fleet.deployedAt + "/docker-compose.yml up",
                null,
                true,
                null,
                null));
        Dir variable = directory(prose.word(), CodeStyle.CONFIG_MODULE);
        fleet.units.add(new Unit(
                fleet.unitsPath + "/" + variable.name + ".service",
                variable.name,
                true,
                "/usr/bin/python3 main.py",
                "main.py",
                true,
                null,
                entryPort(variable)));
        // an old copy of a unit in another folder
        fleet.extraFiles.put(
                fleet.unitsPath + "/archive/" + variable.name + ".service",
                FleetWriter.unit(fleet.units.getLast(), fleet));
        // a range of ports, a service on the host's network, one whose command overrules the image's
        Compose file = fleet.composeFiles.getFirst();
        int first = prose.port();
        Service range = image(file, prose.word());
        range.ports.add(new Published("", first, 9000, "tcp", "\"" + first + "-" + (first + 2) + ":9000-9002\""));
        range.ports.add(new Published("", first + 1, 9001, "tcp", null));
        range.ports.add(new Published("", first + 2, 9002, "tcp", null));
        for (int i = 0; i < 20; i++) {
            prose.port();
        }
        image(file, prose.word()).hostNetwork = true;
        Dir commanded = directory(prose.word(), CodeStyle.FASTAPI_GUARD);
        dockerize(commanded, entryPort(commanded), false);
        Service service = new Service(commanded.name);
        service.builds = commanded.name;
        service.fromRoot = commanded.docker.copies().contains(fleet.agentsPath);
        service.commandPort = prose.port();
        service.command =
                "[\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"" + service.commandPort + "\"]";
        service.ports.add(published(service.commandPort, service.commandPort));
        service.health = service.commandPort;
        file.services().add(service);
        fleet.extraFiles.put(
                "docker-compose.override.yml",
                "services:\n  " + service.name + ":\n    environment:\n      LOG_LEVEL: debug\n");
        // a Dockerfile that sets the port which its command passes
        Dir set = directory(prose.word(), CodeStyle.FASTAPI_CMD);
        int port = prose.port();
        set.docker = new Docker(
                port, port, "CMD uvicorn main:app --host 0.0.0.0 --port $PORT", "main.py", true, port, Docker.ALL);
        // sources that COPY puts elsewhere
        Dir moved = new Dir(prose.word());
        CodeStyle.FLASK.write(moved, "src/app.py", moved.name, prose.port(), prose);
        fleet.dirs.add(moved);
        moved.docker = new Docker(
                entryPort(moved),
                null,
                "CMD [\"python\", \"app.py\"]",
                "src/app.py",
                true,
                null,
                "WORKDIR /app\nCOPY src/ /app/\n");
    }

    /** Different agents made from one template: nearly the same code, another name and port. */
    private void templates() {
        for (int i = 0; i < 4; i++) {
            String key = prose.word();
            int port = prose.port();
            Dir dir = new Dir(key);
            dir.template = "template";
            dir.files.put("main.py", """
                    import uvicorn
                    from fastapi import FastAPI

                    PORT = %d
                    AGENT = "%s"
                    app = FastAPI()
                    state = {"calls": 0, "failures": 0}


                    @app.get("/health")
                    def health():
                        return {"status": "ok", "agent": AGENT}


                    @app.get("/state")
                    def read_state():
                        return dict(state)


                    @app.post("/call")
                    def call(body: dict):
                        state["calls"] += 1
                        if "input" not in body:
                            state["failures"] += 1
                            return {"error": "input is missing"}
                        return {"result": body["input"]}


                    if __name__ == "__main__":
                        uvicorn.run(app, host="0.0.0.0", port=PORT)
                    """.formatted(port, key.toUpperCase(Locale.ROOT)));
            dir.programs.add(new Program("main.py", true, List.of(port), null, key.toUpperCase(Locale.ROOT), true));
            fleet.dirs.add(dir);
            if (i < 2) {
                Agent agent = new Agent(key, key.toUpperCase(Locale.ROOT), port);
                agent.actions.add(new Action("call", "/call", "POST"));
                fleet.agents.add(agent);
            }
        }
    }

    private void steps() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            steps.add(new Step("step-" + i, fleet.agents.get(i).key, "run", null));
        }
        fleet.chains.add(new Chain("daily", steps));
        fleet.chains.add(new Chain("weekly", List.of(new Step("first", null, null, "daily"))));
        fleet.intentAgents.add(fleet.agents.getFirst().key);
        fleet.intentChains.add("daily");
    }

    // --- what is wrong ---

    /** An agent without a fault, with a directory whose entry has code of its own. */
    private Agent take() {
        return take(agent -> true);
    }

    /** Makes further agents until one fits. */
    private Agent take(Predicate<Agent> fit) {
        while (true) {
            List<Agent> fitting = sound.stream()
                    .filter(agent -> agent.port != null
                            && dirOf(agent) != null
                            && dirOf(agent).entry() != null)
                    .filter(agent -> dirOf(agent).template == null && agent.host == null)
                    .filter(fit)
                    .toList();
            if (!fitting.isEmpty()) {
                Agent taken = prose.one(fitting);
                sound.remove(taken);
                return taken;
            }
            if (fleet.agents.size() > LARGEST) {
                drop(sound.removeLast());
            }
            soundAgent();
            sound.add(fleet.agents.getLast());
        }
    }

    /** As if it had never been there. */
    private void drop(Agent agent) {
        Dir dir = dirOf(agent);
        fleet.agents.remove(agent);
        fleet.dirs.remove(dir);
        fleet.units.removeIf(unit -> dir != null && dir.name.equals(unit.directory()));
        fleet.composeFiles.forEach(
                file -> file.services().removeIf(service -> dir != null && dir.name.equals(service.builds)));
    }

    private Dir dirOf(Agent agent) {
        return fleet.dirs.stream()
                .filter(dir -> dir.name.replace('_', '-').equals(agent.key))
                .findFirst()
                .orElse(null);
    }

    private void codeFaults() {
        // one port in the code of two directories
        Dir other = dirOf(take());
        Dir clashing = new Dir(prose.word());
        prose.one(CodeStyle.SINGLE_FILE).write(clashing, clashing.name, entryPort(other), prose);
        fleet.dirs.add(clashing);
        // an old copy, with a unit of its own or none
        copy(dirOf(take(agent -> !dirOf(agent).programs.getFirst().ports().isEmpty())), "-old");
        copy(dirOf(take(agent -> !dirOf(agent).programs.getFirst().ports().isEmpty())), "_v2");
        // a stub under the name that the agent reports
        stub(take(agent -> dirOf(agent).programs.getFirst().ports().size() == 1), "", false);
        // the old program of an agent under a name with a further word
        stub(take(agent -> dirOf(agent).programs.getFirst().ports().size() == 1), " infra", true);
        // another agent's name in the code
        Agent liar = take();
        Dir victim = dirOf(take(agent -> !agent.key.equals(liar.key)));
        rewrite(dirOf(liar), victim.entry().reports());
        // an added word, and a version
        Agent wordy = take();
        rewrite(dirOf(wordy), wordy.name + " Agent");
        Agent versioned = take();
        rewrite(dirOf(versioned), versioned.name + "-v2");
        // a wrong port in the registry
        for (int i = 0; i < 2; i++) {
            take().port = prose.port();
        }
        // agents without a directory: gone, and renamed
        Agent gone = new Agent(prose.word(), prose.word(), prose.port());
        gone.actions.add(new Action("run", "/run", "POST"));
        fleet.agents.add(gone);
        Agent renamed = new Agent(prose.word(), prose.word().toUpperCase(Locale.ROOT), prose.port());
        renamed.actions.add(new Action("run", "/run", "POST"));
        fleet.agents.add(renamed);
        Dir now = new Dir(prose.word());
        CodeStyle.FASTAPI_GUARD.write(now, renamed.name, renamed.port, prose);
        fleet.dirs.add(now);
        // a second server in one directory, on the same port and on another
        for (boolean same : List.of(true, false)) {
            Agent agent = take(each -> {
                Program entry = dirOf(each).entry();
                return entry.runnable() && entry.direct() && entry.file().endsWith(".py");
            });
            Dir dir = dirOf(agent);
            int port = same ? entryPort(dir) : prose.port();
            prose.one(CodeStyle.SINGLE_FILE).write(dir, "legacy.py", agent.name, port, prose);
        }
    }

    private void copy(Dir of, String suffix) {
        Dir copy = new Dir(of.name + suffix);
        copy.template = of.name;
        of.template = of.name;
        copy.files.putAll(of.files);
        copy.programs.addAll(of.programs);
        fleet.dirs.add(copy);
    }

    private void stub(Agent agent, String suffix, boolean registered) {
        Dir full = dirOf(agent);
        String name = full.entry().reports() + suffix;
        Dir stub = new Dir(registered ? agent.key + suffix.replace(' ', '-') : prose.word());
        int port = entryPort(full);
        stub.files.put("main.py", """
                import uvicorn
                from fastapi import FastAPI

                app = FastAPI()


                @app.get("/health")
                def health():
                    return {"agent": "%s"}


                uvicorn.run(app, port=%d)
                """.formatted(name, port));
        stub.programs.add(new Program("main.py", true, List.of(port), null, name, true));
        fleet.dirs.add(stub);
        if (full.files.values().stream().mapToInt(Truth::codeLines).sum() < 40) {
            full.files.put("rules.py", prose.python(8));
        }
        if (registered) {
            Agent declared = new Agent(stub.name, agent.name + suffix, prose.port());
            declared.actions.add(new Action("run", "/run", "POST"));
            fleet.agents.add(declared);
        }
    }

    /** Lets the entry report another name. */
    private void rewrite(Dir dir, String name) {
        Program entry = dir.entry();
        dir.files.replaceAll((file, text) -> text.replace("\"" + entry.reports(), "\"" + name)
                .replace("'" + entry.reports() + "'", "'" + name + "'"));
        dir.programs.set(
                0,
                new Program(entry.file(), entry.runnable(), entry.ports(), entry.variable(), name, entry.definesApp()));
    }

    private void deploymentFaults() {
        // a Dockerfile that starts a module which is not there
        Dir lost = dirOf(take(
                agent -> dirOf(agent).docker != null && unitsOf(dirOf(agent)).isEmpty()));
        int port = entryPort(lost);
        lost.docker = new Docker(
                port,
                port,
                "CMD [\"uvicorn\", \"gone:app\", \"--port\", \"" + port + "\"]",
                "gone.py",
                false,
                null,
                Docker.ALL);
        services(lost)
                .forEach(service ->
                        fleet.composeFiles.forEach(file -> file.services().remove(service)));
        units();
        compose();
    }

    private List<Unit> unitsOf(Dir dir) {
        return fleet.units.stream()
                .filter(unit -> dir.name.equals(unit.directory()))
                .toList();
    }

    private List<Service> services(Dir dir) {
        return fleet.composeFiles.stream()
                .flatMap(file -> file.services().stream())
                .filter(service -> dir.name.equals(service.builds))
                .toList();
    }

    private Agent takeWithUnit() {
        return take(agent -> unitsOf(dirOf(agent)).size() == 1
                && dirOf(agent).entry().runnable()
                && dirOf(agent).entry().definesApp()
                && dirOf(agent).entry().file().endsWith(".py"));
    }

    /** A unit that loads the agent's application and passes this port. */
    private Unit passing(Dir dir, String name, int port) {
        String dotted = dir.entry().file().replace(".py", "").replace('/', '.');
        return new Unit(
                fleet.unitsPath + "/" + name + ".service",
                dir.name,
                true,
                fleet.deployedAt + "/venv/bin/uvicorn " + dotted + ":app --host 0.0.0.0 --port " + port,
                dir.entry().file(),
                true,
                port,
                null);
    }

    private void units() {
        // the command line passes another port than the module binds by itself and the registry declares
        Agent drifted = takeWithUnit();
        fleet.units.removeAll(unitsOf(dirOf(drifted)));
        fleet.units.add(passing(dirOf(drifted), "fleet-" + drifted.key, prose.port()));
        // the unit takes a port that the registry declares for somebody else
        Agent taker = takeWithUnit();
        Agent robbed = take(
                agent -> !agent.key.equals(taker.key) && unitsOf(dirOf(agent)).isEmpty());
        fleet.units.removeAll(unitsOf(dirOf(taker)));
        fleet.units.add(passing(dirOf(taker), "fleet-" + taker.key, robbed.port));
        // two units of different directories on one port that nobody declares
        Agent first = takeWithUnit();
        Agent second = takeWithUnit();
        int shared = prose.port();
        for (Agent agent : List.of(first, second)) {
            fleet.units.removeAll(unitsOf(dirOf(agent)));
            fleet.units.add(passing(dirOf(agent), "fleet-" + agent.key, shared));
        }
        // two units that start one directory on one port
        Agent twice = takeWithUnit();
        Unit once = unitsOf(dirOf(twice)).getFirst();
        fleet.units.add(new Unit(
                fleet.unitsPath + "/" + twice.key + "-second.service",
                once.directory(),
                true,
                once.command(),
                once.module(),
                true,
                once.port(),
                null));
        // a working directory that is gone, a module that is gone
        String gone = prose.word();
        fleet.units.add(new Unit(
                fleet.unitsPath + "/" + gone + ".service",
                gone,
                false,
                "/usr/bin/python3 main.py",
                "main.py",
                false,
                null,
                null));
        Agent broken = takeWithUnit();
        fleet.units.removeAll(unitsOf(dirOf(broken)));
        fleet.units.add(new Unit(
                fleet.unitsPath + "/fleet-" + broken.key + ".service",
                dirOf(broken).name,
                true,
                "/usr/bin/python3 gone.py",
                "gone.py",
                false,
                null,
                null));
        // a core agent without a unit
        Agent core = take(agent -> unitsOf(dirOf(agent)).isEmpty());
        core.core = true;
        // two units of one directory on different ports: neither duplicate nor conflict
        Agent pair = takeWithUnit();
        fleet.units.add(passing(dirOf(pair), pair.key + "-canary", prose.port()));
    }

    private void compose() {
        Compose main = fleet.composeFiles.getFirst();
        // one host port twice in a file; a wildcard address conflicts with every address
        int twice = prose.port();
        image(main, prose.word()).ports.add(new Published("", twice, 80, "tcp", "\"" + twice + ":80\""));
        image(main, prose.word())
                .ports
                .add(new Published("127.0.0.1", twice, 8080, "tcp", "\"127.0.0.1:" + twice + ":8080\""));
        // the same with disjoint profiles, other protocols and addresses is none
        int either = prose.port();
        for (String profile : List.of("blue", "green")) {
            Service service = image(main, prose.word());
            service.profile = profile;
            service.ports.add(new Published("", either, 80, "tcp", "\"" + either + ":80\""));
        }
        int addressed = prose.port();
        for (String address : List.of("127.0.0.1", "10.1.2.3")) {
            image(main, prose.word())
                    .ports
                    .add(new Published(address, addressed, 80, "tcp", "\"" + address + ":" + addressed + ":80\""));
        }
        // across files
        int across = prose.port();
        for (Compose file : fleet.composeFiles.subList(1, 3)) {
            image(file, prose.word()).ports.add(new Published("", across, 80, "tcp", "\"" + across + ":80\""));
        }
        // the same service in two files is none
        String again = prose.word();
        int override = prose.port();
        for (Compose file : fleet.composeFiles.subList(0, 2)) {
            image(file, again).ports.add(new Published("", override, 80, "tcp", "\"" + override + ":80\""));
        }
        // missing context and Dockerfile
        Service noContext = new Service(prose.word());
        noContext.builds = prose.word();
        noContext.contextThere = false;
        prose.one(fleet.composeFiles).services().add(noContext);
        Service noDockerfile = new Service(prose.word());
        noDockerfile.builds = dirOf(take(agent -> dirOf(agent).docker == null)).name;
        noDockerfile.dockerfileThere = false;
        prose.one(fleet.composeFiles).services().add(noDockerfile);
        // published on another port than declared, container and health check on another than listened on
        List<Consumer<Service>> faults = List.of(
                service -> service.ports.replaceAll(port -> published(prose.port(), port.container())),
                service -> service.ports.replaceAll(port -> published(port.host(), prose.port())),
                service -> service.health = prose.port());
        for (Consumer<Service> fault : faults) {
            Dir dir = dirOf(take(agent -> services(dirOf(agent)).isEmpty() && binds(dirOf(agent))));
            if (dir.docker == null) {
                dockerize(dir, entryPort(dir), false);
            }
            compose(dir, agentKey(dir), entryPort(dir));
            fault.accept(services(dir).getFirst());
        }
        // a port of the environment that agrees with what is declared
        Dir environment = dirOf(take(agent -> services(dirOf(agent)).isEmpty()
                && "PORT".equals(dirOf(agent).entry().variable())
                && unitsOf(dirOf(agent)).isEmpty()));
        int set = prose.port();
        if (environment.docker == null || environment.docker.port() != null) {
            dockerize(environment, entryPort(environment), false);
        }
        agent(agentKey(environment)).port = set;
        compose(environment, agentKey(environment), set);
        Service service = services(environment).getFirst();
        service.environment.put("PORT", Integer.toString(set));
        service.ports.replaceAll(port -> published(set, set));
        service.health = null;
    }

    private boolean binds(Dir dir) {
        return !dir.entry().ports().isEmpty();
    }

    private static Published published(int host, int container) {
        return new Published("", host, container, "tcp", "\"" + host + ":" + container + "\"");
    }

    private String agentKey(Dir dir) {
        return dir.name.replace('_', '-');
    }

    private Agent agent(String key) {
        return fleet.agents.stream()
                .filter(agent -> agent.key.equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static Service image(Compose file, String name) {
        Service service = new Service(name);
        service.image = "registry.example/" + name + ":1";
        file.services().add(service);
        return service;
    }

    /** Fills up to the size of a real fleet. */
    private void bystanders() {
        while (fleet.dirs.size() < 60) {
            directory(prose.word(), prose.one(CodeStyle.READ));
        }
        while (fleet.units.size() < 50) {
            String name = prose.word();
            fleet.units.add(new Unit(
                    fleet.unitsPath + "/" + name + ".service",
                    null,
                    true,
                    "/usr/sbin/" + name + " --daemon",
                    null,
                    true,
                    null,
                    null));
        }
    }
}
