package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Manifests.ManifestSet;
import dev.panoptes.integrity.declared.Manifests.Service;
import dev.panoptes.integrity.declared.Manifests.Workload;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.List;
import java.util.Objects;

/**
 * A Service selects no pod, while a workload beside it is meant: it is called like the Service, or has the labels that are selected with
 * other values, and no Service leads to it. A Service without such a neighbour may select what another tree declares.
 */
final class ManifestServiceWithoutPodsCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "manifest-service-without-pods",
                Severity.HIGH,
                CheckGroup.KUBERNETES,
                "a Service selects labels that no pod has");
    }

    @Override
    public List<CheckResult> run(World world) {
        ManifestView view = ManifestView.of(world);
        ManifestView.Results results = new ManifestView.Results();
        for (ManifestSet set : view.sets()) {
            for (Service service : set.services()) {
                if (!service.selector().isEmpty()) {
                    results.add(judge(view, set, service));
                }
            }
        }
        return results.all();
    }

    private static CheckResult judge(ManifestView view, ManifestSet set, Service service) {
        String subject = service.identity().id();
        if (!view.selected(set, service).isEmpty()) {
            return new CheckResult.Pass(subject);
        }
        String open = ManifestView.open(service.identity());
        if (open != null) {
            return new CheckResult.Unknown(subject, open);
        }
        List<Workload> meant = set.workloads().stream()
                .filter(workload -> isMeant(workload, service, set))
                .toList();
        for (Workload workload : meant) {
            if (workload.identity().open() != null) {
                return new CheckResult.Unknown(
                        subject, Objects.requireNonNull(workload.identity().open()));
            }
        }
        if (meant.size() != 1) {
            return new CheckResult.Unknown(
                    subject, "No pod of the tree has the labels that it selects; another place may declare it");
        }
        return failure(view, set, service, meant.getFirst(), subject);
    }

    private static boolean isMeant(Workload workload, Service service, ManifestSet set) {
        boolean near = workload.identity().name().equals(service.identity().name())
                || service.selector().keySet().stream()
                        .allMatch(key -> workload.labels().containsKey(key));
        return near
                && !workload.ends()
                && workload.identity().mayMeet(service.identity())
                && set.services().stream().noneMatch(workload::isSelectedBy);
    }

    private static CheckResult failure(
            ManifestView view, ManifestSet set, Service service, Workload workload, String subject) {
        List<String> wanted = service.selector().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(workload.labels().get(entry.getKey())))
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .toList();
        List<String> has = workload.labels().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .toList();
        Failure.Builder failure = Failure.of(subject)
                .title("Service " + service.identity().name() + " selects " + Words.list(wanted)
                        + ", which the pods of " + ManifestView.words(workload.identity()) + " do not have")
                .description("No pod has the labels that the Service selects, so it has no endpoint and nobody answers"
                        + " behind it. The pods of " + ManifestView.words(workload.identity()) + " "
                        + (has.isEmpty() ? "have no labels" : "have " + Words.list(has)) + ", and no Service leads to"
                        + " them.")
                .recommend("Let the Service select labels of the pod template");
        view.affected(failure, set, workload);
        return failure.affected(subject)
                .evidence(service.identity().evidence())
                .evidence(workload.identity().evidence())
                .fail();
    }
}
