package dev.panoptes.integrity.checks;

import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A tree with compose files and Dockerfiles, read by the real readers, for the tests of checks on them. */
final class ComposeTree {
    private final Path root;
    private final WorldBuilder world = new WorldBuilder();

    ComposeTree(Path root) {
        this.root = root;
        world.in(root);
    }

    ComposeTree file(String path, String... lines) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, String.join("\n", lines) + "\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code compose.yml} with these lines below {@code services:}. */
    ComposeTree services(String... lines) {
        return file("compose.yml", "services:\n  " + String.join("\n  ", lines));
    }

    /** An agent with a Dockerfile that starts {@code main.py}, which binds this port; 0 for none that is known. */
    ComposeTree python(String agent, int port) {
        dockerfile(agent, "CMD [\"python\", \"main.py\"]");
        return program(agent, port);
    }

    ComposeTree dockerfile(String agent, String... lines) {
        return file(
                "agents/" + agent + "/Dockerfile",
                "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n" + String.join("\n", lines));
    }

    ComposeTree program(String agent, int port) {
        Worlds.Prog program = Worlds.program("main.py");
        return program(
                agent, port == 0 ? program.binds(Worlds.unresolved("it is read from a file")) : program.binds(port));
    }

    ComposeTree program(String agent, Worlds.Prog... programs) {
        Worlds.Directory directory = Worlds.directory(agent);
        for (Worlds.Prog program : programs) {
            directory.program(program);
        }
        world.directory(directory);
        return file("agents/" + agent + "/main.py", "app = 1");
    }

    ComposeTree agent(String key, int port) {
        world.agent(key, key, port);
        return this;
    }

    WorldBuilder world() {
        return world;
    }

    List<CheckResult> run(Check check) throws InterruptedException {
        return check.run(world.build());
    }

    /** The only failure. */
    Failure failure(Check check) throws InterruptedException {
        List<Failure> failures = failures(check);
        if (failures.size() != 1) {
            throw new AssertionError("not one failure: " + run(check));
        }
        return failures.getFirst();
    }

    List<Failure> failures(Check check) throws InterruptedException {
        return run(check).stream()
                .filter(CheckResult.Fail.class::isInstance)
                .map(result -> ((CheckResult.Fail) result).failure())
                .toList();
    }

    /** {@code pass SUBJECT}, {@code fail SUBJECT}, {@code unknown SUBJECT}. */
    List<String> verdicts(Check check) throws InterruptedException {
        return run(check).stream()
                .map(result -> switch (result) {
                    case CheckResult.Pass pass -> "pass " + pass.subject();
                    case CheckResult.Fail fail -> "fail " + fail.subject();
                    case CheckResult.Unknown unknown -> "unknown " + unknown.subject();
                })
                .toList();
    }
}
