package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.RegistryView;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Worlds that are nothing but a registry, read from text by the real loader. */
final class RegistryWorlds {
    static final String FILE = "agent-registry.yaml";

    private RegistryWorlds() {}

    static World world(String registry) {
        RegistryResult result = new RegistryLoader().parse(registry.getBytes(StandardCharsets.UTF_8), FILE);
        RegistryView view = switch (result) {
            case RegistryResult.Loaded(var loaded, var problems) -> new RegistryView(loaded, false, problems);
            case RegistryResult.Broken(String file, var problems) -> RegistryView.broken(file, problems);
            case RegistryResult.Absent(String file) -> throw new AssertionError(file + " is absent");
        };
        return new World(
                view,
                null,
                List.of(),
                Profile.NONE,
                new Links(view.registry(), null),
                Duration.ofMinutes(3),
                null,
                WorldBuilder.NOW);
    }

    static List<CheckResult> run(Check check, String registry) throws InterruptedException {
        return check.run(world(registry));
    }

    /** Results as {@code pass SUBJECT}, {@code fail SUBJECT} and {@code unknown SUBJECT}. */
    static List<String> verdicts(Check check, String registry) throws InterruptedException {
        return run(check, registry).stream()
                .map(result -> switch (result) {
                    case CheckResult.Pass pass -> "pass " + pass.subject();
                    case CheckResult.Fail fail -> "fail " + fail.subject();
                    case CheckResult.Unknown unknown -> "unknown " + unknown.subject();
                })
                .toList();
    }

    /** The only failure. */
    static Failure failure(Check check, String registry) throws InterruptedException {
        List<Failure> failures = run(check, registry).stream()
                .filter(CheckResult.Fail.class::isInstance)
                .map(result -> ((CheckResult.Fail) result).failure())
                .toList();
        assertThat(failures).hasSize(1);
        return failures.getFirst();
    }

    /** Evidence as {@code LINE: TEXT}. */
    static List<String> evidence(Failure failure) {
        return failure.evidence().stream()
                .peek(evidence -> assertThat(evidence.file()).isEqualTo(FILE))
                .map(evidence -> evidence.line() + ": " + evidence.text())
                .toList();
    }
}
