package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.BaseImages;
import dev.panoptes.integrity.declared.BuildContext;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ComposeFile.Refusal;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A compose service that compose or Docker refuses to start, whatever its program does. */
final class ComposeRefusedCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-refused",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a compose service says what compose or Docker refuses");
    }

    @Override
    public List<CheckResult> run(World world) {
        Optional<ComposeView> view = ComposeView.of(world);
        if (view.isEmpty()) {
            return List.of();
        }
        List<CheckResult> results = new ArrayList<>(ComposeRefusals.of(world, refusal -> judge(view.get(), refusal)));
        for (ComposeView.Built built : view.get().built()) {
            stageless(view.get(), built).ifPresent(results::add);
        }
        return results;
    }

    /** A build of a stage that its Dockerfile does not have. */
    private static Optional<CheckResult> stageless(ComposeView view, ComposeView.Built built) {
        ComposeFile.Build build = built.build();
        String target = build.target();
        if (target == null
                || !target.matches("[A-Za-z][\\w.-]*")
                || build.contextUnclear() != null
                || build.dockerfileUnclear() != null
                || !(BuildContext.of(view.declarations(), build) instanceof BuildContext.Local context)) {
            return Optional.empty();
        }
        Dockerfile dockerfile = build.inline();
        if (dockerfile == null
                && BuildContext.dockerfile(view.declarations(), build, context) instanceof BuildContext.Local file) {
            dockerfile = view.declarations().dockerfiles().stream()
                    .filter(each -> each.rootPath().equals(file.rootPath()))
                    .findFirst()
                    .orElse(null);
        }
        if (dockerfile == null
                || dockerfile.stages().isEmpty()
                || dockerfile.stage(target).isPresent()) {
            return Optional.empty();
        }
        List<String> stages = dockerfile.stages().stream()
                .map(Dockerfile.Stage::name)
                .filter(Objects::nonNull)
                .toList();
        return Optional.of(Failure.of(built.service().id() + "-target-" + target)
                .title(built.service().id() + " builds the stage " + target + ", which its Dockerfile does not have")
                .description("No FROM of " + dockerfile.rootPath() + " begins a stage called " + target
                        + ": the build stops.")
                .affected(view.affected(built.service()))
                .recommend(stages.isEmpty() ? "Remove target" : "Build one of its stages: " + Words.list(stages))
                .evidence(ComposeView.evidence(build))
                .fail());
    }

    private static Failure.@Nullable Builder judge(ComposeView view, Refusal refusal) {
        String service = refusal.service();
        String name = refusal.name();
        return switch (refusal.kind()) {
            case NO_SERVICE, NO_VOLUME, NO_NETWORK, NO_SECRET, NO_CONFIG -> null;
            case NO_CONFIG_FILE ->
                failure(
                        refusal,
                        "reads the config file " + name + ", which does not exist",
                        "There is no " + name + ", and Docker refuses to mount what is not there.",
                        "Restore the file, or correct the path, which is relative to the compose file");
            case ITSELF ->
                failure(
                        refusal,
                        "depends on itself",
                        "Compose refuses a project in which a service depends on itself, by way of others or not.",
                        "Remove the dependency");
            case INACTIVE ->
                failure(
                        refusal,
                        "depends on " + name + ", which is not started without a profile",
                        name + " has a profile, and " + service
                                + " has none: compose refuses to start it unless a profile of " + name
                                + " is asked for.",
                        "Give both the same profile, or make the dependency optional with required: false");
            case OTHER_PROFILE ->
                failure(
                        refusal,
                        "depends on " + name + ", whose profile is not asked for where it is started",
                        name + " and " + service + " have no profile in common, and the command that starts " + service
                                + " asks for no profile of " + name + ": compose refuses it.",
                        "Give both a profile in common, pass both profiles, or make the dependency optional with"
                                + " required: false");
            case NO_HEALTH ->
                isWithoutHealthcheck(view, name)
                        ? failure(
                                refusal,
                                "waits until " + name + " is healthy, which has no health check",
                                "Neither the compose file nor the image of " + name
                                        + " has a health check, and compose refuses to wait for one that is not there.",
                                "Give " + name + " a healthcheck, or wait for service_started")
                        : null;
            case CONDITION ->
                failure(
                        refusal,
                        "waits for the condition " + name + ", which compose does not know",
                        "Compose knows service_started, service_healthy and service_completed_successfully, and refuses"
                                + " any other.",
                        "Wait for one of those");
            case INCLUDED_TWICE ->
                failure(
                        refusal,
                        "is defined again by " + name + ", which is included",
                        "Compose refuses to include a service whose name the project has already.",
                        "Give one of them another name, or join the files with -f, which merges them");
            case ONE_NAME ->
                failure(
                        refusal,
                        "runs " + name + " containers of one name",
                        "Two containers cannot have the same name: compose refuses container_name beside replicas.",
                        "Remove container_name, or run one container");
            case PORTS_OF_ANOTHER ->
                failure(
                        refusal,
                        "publishes ports in the network of " + name,
                        "A container that shares the network of another cannot publish ports: Docker refuses to make"
                                + " it.",
                        "Publish the ports on " + name);
            case TWO_NETWORKS ->
                failure(
                        refusal,
                        "has a network mode and networks",
                        "Compose refuses a service that has both.",
                        "Remove network_mode or networks");
            case TEST ->
                failure(
                        refusal,
                        "has a health check whose test begins with " + name,
                        "A list of words has to begin with CMD, CMD-SHELL or NONE: compose refuses any other.",
                        "Begin the test with CMD");
            case REPLACED ->
                failure(
                        refusal,
                        "has a health check with ${" + name + "}, which compose replaces",
                        "Compose replaces ${" + name + "} when it reads the file. " + name
                                + " is set in the container only, so that nothing is left of it.",
                        "Write $${" + name + "}, so that the container's shell replaces it");
            case NEVER_ENDS ->
                failure(
                        refusal,
                        "waits for the end of " + name + ", which serves a port",
                        name + " publishes a port, so it runs on: what waits for its end never starts.",
                        "Wait for service_started or service_healthy");
        };
    }

    private static Failure.Builder failure(Refusal refusal, String title, String why, String recommendation) {
        return Failure.of(
                        refusal.service() + "-" + refusal.kind().name().toLowerCase(Locale.ROOT) + "-" + refusal.name())
                .title(refusal.service() + " " + title)
                .description(why)
                .recommend(recommendation);
    }

    /** True where all that its image is made of is known to come without one. */
    private static boolean isWithoutHealthcheck(ComposeView view, String name) {
        for (ComposeFile file : view.files()) {
            for (ComposeFile.Service service : file.services()) {
                if (service.name().equals(name)) {
                    return isWithoutHealthcheck(view, service);
                }
            }
        }
        return false;
    }

    private static boolean isWithoutHealthcheck(ComposeView view, ComposeFile.Service service) {
        if (service.details().healthcheckOff()) {
            return true;
        }
        if (service.build() == null) {
            return service.image() != null && BaseImages.hasNoHealthcheck(service.image());
        }
        Dockerfile.Stage stage = view.containers().stage(service).orElse(null);
        return stage != null
                && stage.healthcheck() == null
                && stage.base() != null
                && BaseImages.hasNoHealthcheck(stage.base());
    }
}
