package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.HostProxy;
import dev.panoptes.integrity.declared.HostProxy.Asked;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.UnreadLanguages;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A web server of the host that leads to a port of the host on which nothing of the tree listens. */
final class ProxyAsksNobodyCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "proxy-asks-nobody",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "a web server of the host leads to a port on which nobody listens");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null || declarations.proxies().isEmpty()) {
            return results;
        }
        List<Launch> launches = HostListeners.of(world);
        Set<String> told = new HashSet<>();
        for (HostProxy proxy : declarations.proxies()) {
            for (Asked asked : proxy.asked()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted between addresses of web servers");
                }
                if (told.add(proxy.file() + "#" + asked.port())) {
                    results.add(judge(declarations, launches, proxy, asked));
                }
            }
        }
        return results;
    }

    private static CheckResult judge(Declarations declarations, List<Launch> launches, HostProxy proxy, Asked asked) {
        String subject = proxy.file() + "#" + asked.port();
        if (launches.stream().anyMatch(launch -> launch.hostPorts().contains(asked.port()))) {
            return new CheckResult.Pass(subject);
        }
        Launch meant = HostListeners.meant(launches, asked.names());
        if (meant == null || HostListeners.isWrittenElsewhere(declarations, proxy.file(), asked.port())) {
            Optional<Launch> open =
                    launches.stream().filter(launch -> launch.unknown() != null).findFirst();
            return new CheckResult.Unknown(
                    subject,
                    "Whether anything listens on port " + asked.port() + ", which " + proxy.file()
                            + " asks, is not known: "
                            + open.map(launch -> "of " + launch.id() + " " + launch.unknown())
                                    .orElseGet(() -> UnreadLanguages.of(declarations, "")
                                            .map(language -> "the " + language + " of the tree is not read")
                                            .orElse("nothing of the tree does, and something else of the host may")));
        }
        return Failure.of(subject)
                .port(asked.port())
                .title(proxy.file() + " leads to port " + asked.port() + ", but " + meant.id() + " listens on "
                        + Words.list(meant.hostPorts()))
                .description("Nothing of the tree listens on port " + asked.port()
                        + " of the host, so the web server answers that its gateway is bad. " + meant.id()
                        + " is called like the place that leads there, and listens on "
                        + Words.list(meant.hostPorts()) + ".")
                .affected(proxy.file())
                .affected(meant.id())
                .recommend("Lead to " + meant.hostPorts().getFirst() + ", or let " + meant.id() + " listen on "
                        + asked.port())
                .evidence(new Evidence("proxy", proxy.file(), asked.line(), asked.text()))
                .evidence(meant.evidence())
                .fail();
    }
}
