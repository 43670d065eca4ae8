package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeReader;
import dev.panoptes.code.FactCache;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeclarationsReader;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.RegistryView;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A whole fleet as files: registry, code, compose files, Dockerfiles, units, all read by the real readers. */
public final class FleetTree {
    private static final Set<CheckGroup> DECLARED = Set.of(
            CheckGroup.REGISTRY,
            CheckGroup.CODE,
            CheckGroup.COMPOSE,
            CheckGroup.DOCKERFILE,
            CheckGroup.SYSTEMD,
            CheckGroup.KUBERNETES);

    private final Path root;
    private String agentsPath = "agents";

    public FleetTree(Path root) {
        this.root = root;
        file("agent-registry.yaml", "agents: {}");
    }

    public FleetTree file(String path, String... lines) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, String.join("\n", lines) + "\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public FleetTree agentsAt(String path) {
        agentsPath = path;
        return this;
    }

    /** Declares agents: key, URL, key, URL ... */
    public FleetTree agents(String... keysAndUrls) {
        StringBuilder text = new StringBuilder("agents:\n");
        for (int i = 0; i < keysAndUrls.length; i += 2) {
            text.append("  ")
                    .append(keysAndUrls[i])
                    .append(": {connection: {url: '")
                    .append(keysAndUrls[i + 1])
                    .append("'}, actions: {a: /a}}\n");
        }
        return file("agent-registry.yaml", text.toString());
    }

    public World world() throws InterruptedException {
        RegistryResult result = new RegistryLoader().load(root.resolve("agent-registry.yaml"), "agent-registry.yaml");
        if (!(result instanceof RegistryResult.Loaded(var registry, var problems))) {
            throw new AssertionError("the registry could not be read: " + result);
        }
        DeclarationsReader.Result read = new DeclarationsReader(new CodeReader(FactCache.none()))
                .read(new DeclarationsReader.Request(root, agentsPath, null, registry, Duration.ofSeconds(60)));
        if (!(read instanceof DeclarationsReader.Result.Read(Declarations declarations))) {
            throw new AssertionError("the tree could not be read: " + read);
        }
        return new World(
                new RegistryView(registry, false, problems),
                declarations,
                List.of(),
                Profile.NONE,
                new Links(registry, declarations),
                Duration.ofMinutes(3),
                null,
                WorldBuilder.NOW);
    }

    /** See {@link Verdicts#of}. */
    public List<String> verdicts(Check check) throws InterruptedException {
        return Verdicts.of(check, world());
    }

    /** {@code check: title} of every failure of any check on declarations, sorted. */
    public List<String> accusations() throws InterruptedException {
        World world = world();
        List<String> lines = new ArrayList<>();
        for (Check check : Checks.all()) {
            if (DECLARED.contains(check.info().group())) {
                for (CheckResult result : check.run(world)) {
                    if (result instanceof CheckResult.Fail(Failure failure)) {
                        lines.add(check.info().id() + ": " + failure.title());
                    }
                }
            }
        }
        lines.sort(null);
        return lines;
    }
}
