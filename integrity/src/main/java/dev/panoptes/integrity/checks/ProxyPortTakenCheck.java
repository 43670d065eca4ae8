package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.HostAddresses;
import dev.panoptes.integrity.declared.HostProxy;
import dev.panoptes.integrity.declared.HostProxy.Listen;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.Launch.Claim;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A web server of the host listens on a port that a unit or process of the host binds. */
final class ProxyPortTakenCheck implements Check {
    private static final Pattern SERVERS = Pattern.compile("(?i).*(nginx|caddy|apache|httpd|haproxy|traefik|proxy).*");

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "proxy-port-taken",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "a web server of the host listens on a port that a unit binds");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null || declarations.proxies().isEmpty()) {
            return results;
        }
        List<Launch> launches = world.links().launches().all().stream()
                .filter(launch -> launch.onHost()
                        && (launch.kind() == Launch.Kind.UNIT || launch.kind() == Launch.Kind.PROCESS)
                        && !SERVERS.matcher(launch.id()).matches())
                .toList();
        Set<String> told = new HashSet<>();
        for (HostProxy proxy : launches.isEmpty() ? List.<HostProxy>of() : declarations.proxies()) {
            for (Listen listen : proxy.listens()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted between ports of web servers");
                }
                String subject = proxy.file() + "#" + listen.port();
                if (told.add(subject)) {
                    judge(launches, proxy, listen, subject, results);
                }
            }
        }
        return results;
    }

    private static void judge(
            List<Launch> launches, HostProxy proxy, Listen listen, String subject, List<CheckResult> results) {
        String open = null;
        for (Launch launch : launches) {
            for (Claim claim : launch.claims()) {
                String address = claim.address();
                if (claim.port() != listen.port()) {
                    continue;
                }
                if (address == null && !listen.address().isEmpty()) {
                    open = "on which address " + launch.id() + " binds " + claim.port() + " is not known";
                } else if (address == null || HostAddresses.overlap(address, listen.address())) {
                    results.add(failed(proxy, listen, launch, claim, subject));
                    return;
                }
            }
        }
        results.add(
                open == null
                        ? new CheckResult.Pass(subject)
                        : new CheckResult.Unknown(
                                subject,
                                "Whether " + proxy.file() + " can listen on " + listen.port() + " is not known: "
                                        + open));
    }

    private static CheckResult failed(HostProxy proxy, Listen listen, Launch launch, Claim claim, String subject) {
        return Failure.of(subject)
                .port(listen.port())
                .title(proxy.file() + " listens on port " + listen.port() + ", which " + launch.id() + " binds")
                .description("Both run on the host, and whichever comes second cannot bind the port.")
                .affected(proxy.file())
                .affected(launch.id())
                .recommend("Let one of them listen on another port")
                .evidence(new Evidence("proxy", proxy.file(), listen.line(), listen.text()))
                .evidence(claim.evidence())
                .fail();
    }
}
