package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.kubernetes.ClusterView.Pod;
import dev.panoptes.integrity.kubernetes.ClusterView.Running;
import dev.panoptes.integrity.world.World;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Pods behind the Service of an agent run another image than the registry names, or, where it names none, several builds under one name: a
 * tag that was moved between two starts.
 */
final class ClusterImageDiffersCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "cluster-image-differs",
                Severity.HIGH,
                CheckGroup.KUBERNETES,
                "pods of an agent run another image than declared, or different builds of one");
    }

    @Override
    public List<CheckResult> run(World world) {
        return BehindService.judged(world, ClusterImageDiffersCheck::judge);
    }

    private static void judge(BehindService behind, List<CheckResult> results) {
        List<Pod> pods = behind.pods().stream()
                .filter(pod -> pod.phase().equals("Running"))
                .toList();
        if (pods.isEmpty()) {
            return;
        }
        String declared = behind.named().image();
        results.add(declared == null ? oneBuild(behind, pods) : asDeclared(behind, pods, declared));
    }

    private static CheckResult asDeclared(BehindService behind, List<Pod> pods, String declared) {
        String key = behind.agent().key();
        int at = declared.indexOf("@sha256:");
        Set<String> others = new TreeSet<>();
        String unknown = null;
        for (Pod pod : pods) {
            List<Running> named = pod.containers().stream()
                    .filter(each -> ImageName.repository(each.image()).equals(ImageName.repository(declared)))
                    .toList();
            for (Running each : named) {
                if (at < 0
                        ? !ImageName.isSame(each.image(), declared) && !hasDigest(each.image())
                        : !runs(each, declared, at)) {
                    if (at >= 0 && each.digest().isEmpty()) {
                        unknown = "The kubelet has not told yet which build pod " + pod.name() + " runs";
                    } else {
                        others.add(at < 0 ? each.image() : each.image() + " " + BehindService.shortened(each.digest()));
                    }
                } else if (at < 0 && hasDigest(each.image())) {
                    unknown = "Pod " + pod.name() + " names its image by digest, the registry by tag";
                }
            }
            if (named.isEmpty()) {
                pod.containers().forEach(each -> others.add(each.image()));
            }
        }
        if (others.isEmpty()) {
            return unknown == null ? new CheckResult.Pass(key) : new CheckResult.Unknown(key, unknown);
        }
        return failure(
                behind,
                "Pods of " + key + " run " + Words.list(others) + ", and not " + declared,
                "The registry says that " + key + " runs " + declared + ".");
    }

    private static boolean hasDigest(String image) {
        return image.contains("@sha256:");
    }

    private static boolean runs(Running container, String declared, int at) {
        String digest = declared.substring(at + 1);
        return container.digest().equals(digest) || container.image().endsWith("@" + digest);
    }

    private static CheckResult oneBuild(BehindService behind, List<Pod> pods) {
        String key = behind.agent().key();
        Map<String, Set<String>> builds = new TreeMap<>();
        for (Pod pod : pods) {
            for (Running each : pod.containers()) {
                if (!each.digest().isEmpty()) {
                    builds.computeIfAbsent(each.name() + " " + each.image(), unused -> new TreeSet<>())
                            .add(each.digest());
                }
            }
        }
        if (builds.isEmpty()) {
            return new CheckResult.Unknown(key, "No kubelet has told yet which builds its pods run");
        }
        for (Map.Entry<String, Set<String>> each : builds.entrySet()) {
            if (each.getValue().size() > 1) {
                String image = each.getKey().substring(each.getKey().indexOf(' ') + 1);
                return failure(
                        behind,
                        "Pods of " + key + " run " + each.getValue().size() + " builds under the name " + image,
                        "Copies of one agent answer differently: the tag was moved between two starts. The builds are "
                                + Words.list(each.getValue().stream()
                                        .map(BehindService::shortened)
                                        .toList())
                                + ".");
            }
        }
        return new CheckResult.Pass(key);
    }

    private static CheckResult failure(BehindService behind, String title, String description) {
        return behind.failure()
                .title(title)
                .description(
                        description + " Seen behind Service " + behind.named().id() + " of " + behind.cluster() + ".")
                .recommend("Roll out the image that is meant, best by its digest; or correct kubernetes.image in the"
                        + " registry")
                .fail();
    }
}
