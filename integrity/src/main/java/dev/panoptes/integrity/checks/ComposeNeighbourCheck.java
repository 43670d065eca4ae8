package dev.panoptes.integrity.checks;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.BuildContext;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ComposeFile.Upstream;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.KafkaListeners;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A proxy or a variable that names a neighbour at a port where it does not listen, or one that does not exist. */
final class ComposeNeighbourCheck implements Check {
    private static final String ELSEWHERE =
            "No service of the project has the name that is asked: whether something outside of the file has it is not"
                    + " known, for it names external networks, hosts, links, name servers or services of other files";

    /** A web address without a port; of other protocols the usual port is meant. */
    private static final Pattern IMPLIED = Pattern.compile(".* asks https?://[^:/]+");

    /** What names the broker for a client; others may only wait until somebody listens. */
    private static final Pattern CLIENT = Pattern.compile("(?i)\\S*(?:kafka|broker|bootstrap)\\S* asks .*");

    /** What a broker asks of another, and administrators of controllers. */
    private static final Pattern CONTROLLERS = Pattern.compile("(?i)\\S*(?:controller|quorum|voter)\\S* asks .*");

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
                results.add(judge(view.get(), file, upstream, foreign));
            }
        }
        return results;
    }

    private static boolean isOfAnotherProtocol(ComposeFile file, Upstream upstream) {
        return file.services().stream()
                .anyMatch(service -> service.name().equals(upstream.host())
                        && PortProtocols.otherThan(asking(file, upstream, service), service, upstream) != null);
    }

    private static ComposeFile.Service asking(ComposeFile file, Upstream upstream, ComposeFile.Service otherwise) {
        return file.services().stream()
                .filter(each -> each.id().equals(upstream.service()))
                .findFirst()
                .orElse(otherwise);
    }

    private static CheckResult judge(ComposeView view, ComposeFile file, Upstream upstream, boolean foreign) {
        String subject = upstream.service() + "-" + upstream.host() + "-" + upstream.port();
        if (upstream.host().equals("localhost")) {
            return onHost(view, file, upstream, subject);
        }
        if (upstream.host().equals("127.0.0.1")) {
            return own(view, file, upstream, subject);
        }
        List<ComposeFile.Service> called = file.services().stream()
                .filter(each -> each.name().equals(upstream.host())
                        || each.details().names().contains(upstream.host()))
                .toList();
        if (called.isEmpty()) {
            if (foreign) {
                return new CheckResult.Unknown(subject, ELSEWHERE);
            }
            return upstream.proxy()
                    ? failure(view, file, upstream, subject)
                            .title(upstream.service() + " leads to " + upstream.host() + ", which no service is called")
                            .description("No service of the project is called " + upstream.host()
                                    + ", nor has it that alias: nginx does not start where it cannot find a name.")
                            .recommend("Name the service that is meant")
                            .fail()
                    : nobody(view, file, upstream, subject);
        }
        ComposeFile.Service target = called.getFirst();
        String several = called.size() > 1
                ? "several services are called " + upstream.host()
                : target.hostNetwork()
                        ? "it is on the host's network, where no name leads to it"
                        : ComposeView.sharing(file, target);
        if (several != null) {
            return several(view, file, upstream, called, several, subject);
        }
        CheckResult answer = target(view, file, upstream, target, subject);
        return answer instanceof CheckResult.Fail || foreign ? answer : together(view, file, upstream, target, answer);
    }

    /** Whether one finds the other at all: services without a network in common do not. */
    private static CheckResult together(
            ComposeView view, ComposeFile file, Upstream upstream, ComposeFile.Service target, CheckResult answer) {
        ComposeFile.Service asking = asking(file, upstream, target);
        boolean undeclared = file.project().refusals().stream()
                .anyMatch(refusal -> refusal.kind() == ComposeFile.RefusalKind.NO_NETWORK);
        if (undeclared || !areApart(asking, target)) {
            return answer;
        }
        String subject = upstream.service() + "-" + upstream.host() + "-" + upstream.port();
        return failure(view, file, upstream, subject)
                .port(upstream.port())
                .title(upstream.service() + " asks " + upstream.host() + ", with which it has no network in common")
                .description(asking.name() + " joins " + names(asking) + ", " + target.name() + " joins "
                        + names(target) + ": neither finds the other's name, nor reaches it.")
                .recommend("Let both join one network")
                .evidence(new Evidence("compose", target.file(), target.line(), target.name() + ": " + names(target)))
                .fail();
    }

    private static boolean areApart(ComposeFile.Service asking, ComposeFile.Service target) {
        return asking.networkOf() == null
                && target.networkOf() == null
                && !asking.hostNetwork()
                && !target.hostNetwork()
                && !asking.details().networks().isEmpty()
                && !target.details().networks().isEmpty()
                && Collections.disjoint(
                        asking.details().networks(), target.details().networks());
    }

    private static String names(ComposeFile.Service service) {
        List<String> networks = service.details().networks().stream().sorted().toList();
        return (networks.size() == 1 ? "the network " : "the networks ") + Words.list(networks);
    }

    /** The container itself is asked, or one that shares its network. */
    private static CheckResult own(ComposeView view, ComposeFile file, Upstream upstream, String subject) {
        boolean there = file.services().stream()
                .filter(each -> each.id().equals(upstream.service()))
                .flatMap(self -> file.services().stream().filter(each -> shares(self, each)))
                .anyMatch(
                        each -> view.containers().of(each) instanceof Listening.On on && on.includes(upstream.port()));
        return there
                ? new CheckResult.Pass(subject)
                : new CheckResult.Unknown(
                        subject,
                        upstream.text() + ", which is the container itself: nothing of it is known to listen there");
    }

    private static boolean shares(ComposeFile.Service self, ComposeFile.Service other) {
        return other.id().equals(self.id())
                || self.name().equals(other.networkOf())
                || other.name().equals(self.networkOf())
                || (self.networkOf() != null && self.networkOf().equals(other.networkOf()));
    }

    /** Any of several containers may answer: those that are called so, or those that share the network of one. */
    private static CheckResult several(
            ComposeView view,
            ComposeFile file,
            Upstream upstream,
            List<ComposeFile.Service> called,
            String why,
            String subject) {
        ComposeFile.Service first = called.getFirst();
        Predicate<ComposeFile.Service> listens =
                each -> view.containers().of(each) instanceof Listening.On on && on.includes(upstream.port());
        boolean there = called.size() > 1
                ? called.stream().allMatch(listens)
                : !first.hostNetwork()
                        && file.services().stream()
                                .filter(each -> shares(first, each))
                                .anyMatch(listens);
        return there ? new CheckResult.Pass(subject) : unknown(upstream, first, why, subject);
    }

    private static CheckResult unknown(Upstream upstream, ComposeFile.Service target, String reason, String subject) {
        return new CheckResult.Unknown(
                subject, "Whether " + target.id() + " listens on " + upstream.port() + " is not known: " + reason);
    }

    private static CheckResult target(
            ComposeView view, ComposeFile file, Upstream upstream, ComposeFile.Service target, String subject) {
        return switch (view.containers().of(target)) {
            case Listening.NotJudged(String reason) -> ComposeView.nothingTells(subject, reason);
            case Listening.Unknown(String reason) -> unknown(upstream, target, reason, subject);
            case Listening.On on
            when on.includes(upstream.port()) -> {
                String spoken = PortProtocols.otherThan(asking(file, upstream, target), target, upstream);
                String sent = KafkaListeners.loopback(target, upstream.port());
                if (sent != null
                        && !upstream.service().equals(target.id())
                        && CLIENT.matcher(upstream.text()).matches()) {
                    yield sentElsewhere(view, file, upstream, target, sent).fail();
                }
                String doubt = PortProtocols.doubt(target, upstream);
                if (doubt != null && isScripted(view, file, upstream)) {
                    yield new CheckResult.Unknown(
                            subject,
                            "Whether " + target.id() + " understands " + upstream.service() + " on " + upstream.port()
                                    + " is not known: " + doubt);
                }
                if (spoken == null
                        && !upstream.service().equals(target.id())
                        && CLIENT.matcher(upstream.text()).matches()
                        && !CONTROLLERS.matcher(upstream.text()).matches()
                        && KafkaListeners.isOfControllers(target, upstream.port())) {
                    spoken = "that of its controllers, which answer no clients";
                }
                Integer actuator =
                        spoken == null ? ActuatorScrapes.instead(view, target, upstream, on.evidence()) : null;
                if (actuator != null && on.doubt() == null) {
                    yield failure(view, file, upstream, subject)
                            .port(upstream.port())
                            .title(upstream.service() + " asks " + upstream.host() + " on port " + upstream.port()
                                    + ", whose actuator has port " + actuator)
                            .description(target.name() + " serves its actuator on a port of its own, " + actuator
                                    + ": on " + upstream.port() + " it is not found.")
                            .recommend("Ask " + upstream.host() + ":" + actuator)
                            .fail();
                }
                yield spoken == null || on.doubt() != null
                        ? new CheckResult.Pass(subject)
                        : otherProtocol(view, file, upstream, target, spoken)
                                .evidence(on.evidence())
                                .fail();
            }
            case Listening.On on -> {
                List<Integer> ports =
                        on.ports().stream().map(Bound::port).distinct().toList();
                String open =
                        on.doubt() == null && IMPLIED.matcher(upstream.text()).matches()
                                ? "the address names no port, and a program may add one"
                                : on.doubt();
                yield open != null
                        ? unknown(upstream, target, open, subject)
                        : wrongPort(view, file, upstream, target, ports)
                                .evidence(on.evidence())
                                .fail();
            }
        };
    }

    /** True where the asking image is built of Python or JavaScript. */
    private static boolean isScripted(ComposeView view, ComposeFile file, Upstream upstream) {
        return file.services().stream()
                .filter(each -> each.id().equals(upstream.service()) && each.build() != null)
                .map(each -> BuildContext.of(view.declarations(), Objects.requireNonNull(each.build())))
                .anyMatch(context -> context instanceof BuildContext.Local local
                        && Stream.of("requirements.txt", "pyproject.toml", "package.json")
                                .anyMatch(
                                        name -> view.declarations().code().text(PathNames.join(local.rootPath(), name))
                                                != null));
    }

    /** A broker is asked once, and then where it says. */
    private static Failure.Builder sentElsewhere(
            ComposeView view, ComposeFile file, Upstream upstream, ComposeFile.Service target, String sent) {
        String subject = upstream.service() + "-" + upstream.host() + "-" + upstream.port();
        return failure(view, file, upstream, subject)
                .port(upstream.port())
                .title(upstream.service() + " asks " + upstream.host() + " on port " + upstream.port()
                        + ", whose listener sends clients to " + sent)
                .description("The advertised address of that listener is " + sent
                        + ", which is the asking container itself: clients find no broker there.")
                .recommend("Ask the listener of " + target.name() + " that advertises its name");
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
    private static CheckResult onHost(ComposeView view, ComposeFile file, Upstream upstream, String subject) {
        List<ComposeFile.Service> all =
                view.files().stream().flatMap(each -> each.services().stream()).toList();
        List<PortValue> published = all.stream()
                .flatMap(service -> service.ports().stream())
                .map(ComposeFile.Published::host)
                .filter(Objects::nonNull)
                .toList();
        if (published.stream().anyMatch(port -> port.is(upstream.port()))) {
            return new CheckResult.Pass(subject);
        }
        List<ComposeFile.Published> meant = file.services().stream()
                .filter(service -> !service.id().equals(upstream.service()))
                .flatMap(service -> service.ports().stream())
                .filter(port -> port.container().is(upstream.port()))
                .toList();
        if (all.stream().anyMatch(ComposeFile.Service::hostNetwork)
                || published.stream().anyMatch(PortValue.Unresolved.class::isInstance)
                || meant.size() != 1
                || !(meant.getFirst().host() instanceof PortValue.Known(int host, String _))) {
            return new CheckResult.Unknown(
                    subject,
                    upstream.text()
                            + ", which no service publishes: whether something else of the host listens there is"
                            + " not known");
        }
        return failure(view, file, upstream, subject)
                .port(upstream.port())
                .title(upstream.service() + " sends browsers to port " + upstream.port() + ", which is published as "
                        + host)
                .description("A browser asks the host, where the published port counts: " + upstream.port()
                        + " is the one inside the container.")
                .recommend("Name port " + host)
                .evidence(ComposeView.evidence(meant.getFirst()))
                .fail();
    }

    /**
     * A name without a dot that nobody of the project has. It may be a machine of the network, unless exactly one service listens
     * there that the asking one does not know by its name, and the name or the protocol says that it is meant.
     */
    private static CheckResult nobody(ComposeView view, ComposeFile file, Upstream upstream, String subject) {
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
            return new CheckResult.Unknown(
                    subject,
                    upstream.text() + ", and no service of " + file.rootPath() + " is called " + upstream.host()
                            + ": whether another machine is, is not known");
        }
        return failure(view, file, upstream, subject)
                .port(upstream.port())
                .title(upstream.service() + " asks " + upstream.host() + " on port " + upstream.port()
                        + ", which no service is called")
                .description("No service of the project is called " + upstream.host() + ", nor has it that alias. "
                        + meant.name() + " listens on " + upstream.port() + ".")
                .recommend("Ask " + meant.name() + ":" + upstream.port())
                .fail();
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
