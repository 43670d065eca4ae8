package dev.panoptes.integrity.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.CodeReader;
import dev.panoptes.code.FactCache;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeclarationsReader;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.Scanner;
import dev.panoptes.integrity.world.RegistryView;
import dev.panoptes.integrity.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads and judges generated fleets that nobody fitted the checks to, with the readers and checks of the product, and compares
 * the verdicts with what was planted. Each fleet has about 60 directories, 47 agents, 50 units and three compose files.
 */
final class DeclarationEvaluationTest {
    private static final Set<CheckGroup> DECLARATIONS = Set.of(
            CheckGroup.REGISTRY,
            CheckGroup.CODE,
            CheckGroup.COMPOSE,
            CheckGroup.DOCKERFILE,
            CheckGroup.SYSTEMD,
            CheckGroup.KUBERNETES);
    private static final int FLEETS = Integer.getInteger("panoptes.evaluation.fleets", 4);
    private static final int FIRST = Integer.getInteger("panoptes.evaluation.first", 1);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path directory;

    @Test
    void theDeclarationChecksFindWhatIsPlantedAndAccuseNobodyElse() throws IOException, InterruptedException {
        Tally tally = new Tally();
        for (int seed : IntStream.range(FIRST, FIRST + FLEETS).toArray()) {
            Fleet fleet = new FleetGenerator(seed).generate();
            Path root = directory.resolve("fleet-" + seed);
            new FleetWriter(root).write(fleet);
            tally.add("fleet " + seed, Truth.of(fleet), judge(root, fleet));
        }

        assertThat(tally.falseCriticals()).as("%s", tally).isZero();
        assertThat(tally.precision()).as("%s", tally).isGreaterThanOrEqualTo(0.95);
        assertThat(tally.recall()).as("%s", tally).isGreaterThanOrEqualTo(0.90);
        assertThat(tally.worst().values()).as("%s", tally).allMatch(worst -> worst >= 0.8);
    }

    private static List<Issue> judge(Path root, Fleet fleet) throws InterruptedException {
        RegistryResult registry = new RegistryLoader().load(root.resolve("agent-registry.yaml"));
        if (!(registry instanceof RegistryResult.Loaded(var loaded, var problems))) {
            throw new AssertionError("the registry could not be read: " + registry);
        }
        DeclarationsReader reader = new DeclarationsReader(new CodeReader(FactCache.none()));
        DeclarationsReader.Result result = reader.read(
                new DeclarationsReader.Request(root, fleet.agentsPath, null, loaded, Duration.ofSeconds(60)));
        if (!(result instanceof DeclarationsReader.Result.Read(Declarations declarations))) {
            throw new AssertionError("the tree could not be read: " + result);
        }
        World world = new World(
                new RegistryView(loaded, false, problems),
                declarations,
                List.of(),
                Profile.NONE,
                new Links(loaded, declarations),
                Duration.ofMinutes(3),
                null,
                NOW);
        Scanner scanner = new Scanner(
                Checks.all().stream()
                        .filter(check -> DECLARATIONS.contains(check.info().group()))
                        .toList(),
                Duration.ofSeconds(60));
        return Scanner.issues(scanner.scan(world), NOW);
    }
}
