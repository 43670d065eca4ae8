package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile.Refusal;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compose service names a service, volume, network, secret or config that its project does not declare. */
final class ComposeUndeclaredNameCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-undeclared-name",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a compose service names what its project does not declare");
    }

    @Override
    public List<CheckResult> run(World world) {
        return ComposeRefusals.of(world, refusal -> {
            String kind = kind(refusal);
            return kind == null ? null : failure(refusal, kind);
        });
    }

    private static Failure.Builder failure(Refusal refusal, String kind) {
        return Failure.of(refusal.service() + "-" + kind + "-" + refusal.name())
                .title(refusal.service() + " names the " + kind + " " + refusal.name() + ", which nothing declares")
                .description("No file of the project declares a " + kind + " " + refusal.name()
                        + ": compose refuses the whole project.")
                .recommend("Correct the name, or declare the " + kind + " " + refusal.name());
    }

    private static @Nullable String kind(Refusal refusal) {
        return switch (refusal.kind()) {
            case NO_SERVICE -> "service";
            case NO_VOLUME -> "volume";
            case NO_NETWORK -> "network";
            case NO_SECRET -> "secret";
            case NO_CONFIG -> "config";
            case NO_CONFIG_FILE,
                    ITSELF,
                    INACTIVE,
                    OTHER_PROFILE,
                    NO_HEALTH,
                    ONE_NAME,
                    PORTS_OF_ANOTHER,
                    TWO_NETWORKS,
                    TEST,
                    REPLACED,
                    NEVER_ENDS,
                    CONDITION,
                    INCLUDED_TWICE -> null;
        };
    }
}
