package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ComposeFile.Upstream;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A proxy or a variable that names a neighbour at a port where it does not listen, or one that does not exist. */
final class ComposeNeighbourCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-neighbour",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a compose service asks a neighbour where nobody listens");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            String text = String.valueOf(view.get().declarations().code().text(file.rootPath()));
            boolean foreign = !file.project().external().isEmpty()
                    || text.contains("extra_hosts")
                    || text.contains("links:")
                    || text.contains("dns:")
                    || file.services().stream().anyMatch(each -> each.image() == null && each.build() == null);
            Map<String, Upstream> each = new LinkedHashMap<>();
            for (Upstream upstream : file.project().upstreams()) {
                // Of several words on one address the one that does not fit counts.
                each.merge(
                        upstream.service() + " " + upstream.host() + " " + upstream.port(),
                        upstream,
                        (first, second) -> isOfAnotherProtocol(file, second) && !isOfAnotherProtocol(file, first)
                                ? second
                                : first);
            }
            for (Upstream upstream : each.values()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted between services");
                }
                judge(view.get(), file, upstream, foreign, results);
            }
        }
        return results;
    }

    private static boolean isOfAnotherProtocol(ComposeFile file, Upstream upstream) {
        return file.services().stream()
                .anyMatch(service ->
                        service.name().equals(upstream.host()) && PortProtocols.otherThan(service, upstream) != null);
    }

    private static void judge(
            ComposeView view, ComposeFile file, Upstream upstream, boolean foreign, List<CheckResult> results) {
        String subject = upstream.service() + "-" + upstream.host() + "-" + upstream.port();
        if (upstream.host().equals("localhost")) {
            onHost(view, file, upstream, subject, results);
            return;
        }
        List<ComposeFile.Service> called = file.services().stream()
                .filter(each -> each.name().equals(upstream.host())
                        || each.details().names().contains(upstream.host()))
                .toList();
        if (called.isEmpty()) {
            if (upstream.proxy() && !foreign) {
                results.add(failure(view, file, upstream, subject)
                        .title(upstream.service() + " leads to " + upstream.host() + ", which no service is called")
                        .description("No service of the project is called " + upstream.host()
                                + ", nor has it that alias: nginx does not start where it cannot find a name.")
                        .recommend("Name the service that is meant")
                        .fail());
            } else if (!upstream.proxy() && !foreign) {
                nobody(view, file, upstream, subject, results);
            }
            return;
        }
        if (called.size() > 1 || ComposeView.sharing(file, called.getFirst()) != null) {
            return;
        }
        ComposeFile.Service target = called.getFirst();
        if (target.hostNetwork()) {
            return;
        }
        Listening listening = view.containers().of(target);
        if (listening instanceof Listening.On on && on.includes(upstream.port())) {
            String spoken = PortProtocols.otherThan(target, upstream);
            results.add(
                    spoken == null || on.doubt() != null
                            ? new CheckResult.Pass(subject)
                            : otherProtocol(view, file, upstream, target, spoken)
                                    .evidence(on.evidence())
                                    .fail());
            return;
        }
        if (listening instanceof Listening.NotJudged && target.build() == null && !isConfirmed(target, upstream)) {
            results.add(new CheckResult.Unknown(
                    subject,
                    "Whether " + target.id() + " listens on " + upstream.port() + " is not known: only its image "
                            + target.image() + " knows"));
        }
        String open = listening instanceof Listening.Unknown(String reason)
                ? reason
                : listening instanceof Listening.On known ? known.doubt() : null;
        if (open != null) {
            results.add(new CheckResult.Unknown(
                    subject, "Whether " + target.id() + " listens on " + upstream.port() + " is not known: " + open));
        }
        if (open != null || !(listening instanceof Listening.On on)) {
            return;
        }
        List<Integer> ports = on.ports().stream().map(Bound::port).distinct().toList();
        results.add(wrongPort(view, file, upstream, target, ports)
                .evidence(on.evidence())
                .fail());
    }

    private static Failure.Builder otherProtocol(
            ComposeView view, ComposeFile file, Upstream upstream, ComposeFile.Service target, String spoken) {
        String subject = upstream.service() + "-" + upstream.host() + "-" + upstream.port();
        return failure(view, file, upstream, subject)
                .port(upstream.port())
                .title(upstream.service() + " asks " + upstream.host() + " on port " + upstream.port() + ", which is "
                        + spoken)
                .description("Port " + upstream.port() + " of " + target.image() + " is " + spoken
                        + ", and does not understand what it is asked there.")
                .recommend("Ask the port of " + upstream.host() + " that speaks the protocol of the address");
    }

    /** A browser asks the host, where the published port counts. */
    private static void onHost(
            ComposeView view, ComposeFile file, Upstream upstream, String subject, List<CheckResult> results) {
        List<ComposeFile.Service> all =
                view.files().stream().flatMap(each -> each.services().stream()).toList();
        if (all.stream().anyMatch(ComposeFile.Service::hostNetwork)) {
            return;
        }
        if (all.stream().flatMap(service -> service.ports().stream()).anyMatch(port -> mayBe(port, upstream.port()))) {
            results.add(new CheckResult.Pass(subject));
            return;
        }
        List<ComposeFile.Published> meant = file.services().stream()
                .filter(service -> !service.id().equals(upstream.service()))
                .flatMap(service -> service.ports().stream())
                .filter(port ->
                        port.container() instanceof PortValue.Known(int number, String _) && number == upstream.port())
                .toList();
        if (meant.size() != 1 || !(meant.getFirst().host() instanceof PortValue.Known(int host, String _))) {
            results.add(new CheckResult.Unknown(
                    subject,
                    upstream.text()
                            + ", which no service publishes: whether something else of the host listens there is"
                            + " not known"));
            return;
        }
        results.add(failure(view, file, upstream, subject)
                .port(upstream.port())
                .title(upstream.service() + " sends browsers to port " + upstream.port() + ", which is published as "
                        + host)
                .description("A browser asks the host, where the published port counts: " + upstream.port()
                        + " is the one inside the container.")
                .recommend("Name port " + host)
                .evidence(ComposeView.evidence(meant.getFirst()))
                .fail());
    }

    private static boolean mayBe(ComposeFile.Published published, int port) {
        return !(published.host() instanceof PortValue.Known(int number, String _)) || number == port;
    }

    /** True where the service itself says the same port: one that it publishes, or that its health check asks. */
    private static boolean isConfirmed(ComposeFile.Service target, Upstream upstream) {
        ComposeFile.HealthcheckPort asked = target.healthcheck();
        return Stream.concat(
                        target.ports().stream().map(ComposeFile.Published::container),
                        asked == null ? Stream.of() : Stream.of(asked.port()))
                .anyMatch(port -> port instanceof PortValue.Known(int number, String _) && number == upstream.port());
    }

    /**
     * A name without a dot that nobody of the project has. It may be a machine of the network, unless exactly one service listens
     * there that the asking one does not know by its name, and the name or the protocol says that it is meant.
     */
    private static void nobody(
            ComposeView view, ComposeFile file, Upstream upstream, String subject, List<CheckResult> results) {
        List<ComposeFile.Service> there = file.services().stream()
                .filter(each -> !each.id().equals(upstream.service()) && !each.hostNetwork())
                .filter(each -> view.containers().of(each) instanceof Listening.On on && on.includes(upstream.port()))
                .toList();
        ComposeFile.Service meant = there.size() == 1 ? there.getFirst() : null;
        boolean known = meant != null
                && file.project().upstreams().stream()
                        .anyMatch(other -> other.service().equals(upstream.service())
                                && other.host().equals(meant.name()));
        boolean elsewhere = view.files().stream()
                .flatMap(other -> other.services().stream())
                .anyMatch(service -> service.name().equals(upstream.host())
                        || service.details().names().contains(upstream.host()));
        if (meant == null || known || elsewhere || !isMeant(meant, upstream)) {
            results.add(new CheckResult.Unknown(
                    subject,
                    upstream.text() + ", and no service of " + file.rootPath() + " is called " + upstream.host()
                            + ": whether another machine is, is not known"));
            return;
        }
        results.add(failure(view, file, upstream, subject)
                .port(upstream.port())
                .title(upstream.service() + " asks " + upstream.host() + " on port " + upstream.port()
                        + ", which no service is called")
                .description("No service of the project is called " + upstream.host() + ", nor has it that alias. "
                        + meant.name() + " listens on " + upstream.port() + ".")
                .recommend("Ask " + meant.name() + ":" + upstream.port())
                .fail());
    }

    /** Another machine of the network may well serve HTTP; a server of the same protocol beside it is rather the one. */
    private static boolean isMeant(ComposeFile.Service service, Upstream upstream) {
        String host = upstream.host().toLowerCase(Locale.ROOT);
        String name = service.name().toLowerCase(Locale.ROOT);
        return host.contains(name)
                || name.contains(host)
                || (service.build() == null && !upstream.text().contains(" asks http"));
    }

    private static Failure.Builder wrongPort(
            ComposeView view, ComposeFile file, Upstream upstream, ComposeFile.Service target, List<Integer> ports) {
        Failure.Builder failure =
                failure(view, file, upstream, upstream.service() + "-" + upstream.host() + "-" + upstream.port());
        if (upstream.service().equals(target.id())) {
            return failure.port(upstream.port())
                    .title("A proxy is led to port " + upstream.port() + " of " + upstream.service()
                            + ", which listens on " + Words.list(ports))
                    .description(upstream.file() + " tells the proxy to ask port " + upstream.port()
                            + " of the container of " + target.name() + ", but it listens on " + Words.list(ports)
                            + ": the proxy answers that its gateway is bad.")
                    .recommend("Lead the proxy to " + Words.list(ports));
        }
        return failure.port(upstream.port())
                .title(upstream.service() + " asks " + upstream.host() + " on port " + upstream.port()
                        + ", which listens on " + Words.list(ports))
                .description(upstream.file() + " leads to port " + upstream.port() + " of the container of "
                        + target.name() + ", but it listens on " + Words.list(ports)
                        + ". Between containers the port inside counts, not the published one.")
                .recommend("Ask " + upstream.host() + ":" + ports.getFirst());
    }

    private static Failure.Builder failure(ComposeView view, ComposeFile file, Upstream upstream, String subject) {
        Failure.Builder failure = Failure.of(subject)
                .affected(upstream.service())
                .evidence(new Evidence("compose", upstream.file(), upstream.line(), upstream.text()));
        file.services().stream()
                .filter(service -> service.id().equals(upstream.service()))
                .findFirst()
                .ifPresent(service -> failure.affected(view.affected(service)));
        return failure;
    }
}
