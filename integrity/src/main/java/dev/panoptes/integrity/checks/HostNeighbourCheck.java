package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.HostProcess;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A unit or an application of PM2 is told the address of a neighbour on its own host, and the neighbour listens on another port. */
final class HostNeighbourCheck implements Check {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:(?:https?|wss?|grpc)://)?(?:localhost|127\\.0\\.0\\.1|\\[::1]):([0-9]{2,5})(?:/\\S*)?");
    /** What is left of the name of a variable is what the neighbour is called. */
    private static final Pattern NAMED = Pattern.compile(
            "([A-Z][A-Z0-9_]*?)_(?:(?:BASE|API|SERVICE|HTTP|WS|GRPC|INTERNAL|SERVER|AGENT)_)*(?:URL|URI|ADDR|ADDRESS|ENDPOINT|API|SERVICE|BASE)");

    private static final Set<String> OWN = Set.of(
            "public", "base", "external", "app", "site", "listen", "bind", "self", "callback", "redirect", "server");

    /** @param file where the variable is set */
    private record Asking(
            String id,
            String file,
            Map<String, String> environment,
            @Nullable String unknown) {}

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "host-neighbour",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "a program of the host asks a neighbour on a port that the neighbour does not have");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        List<Launch> launches = HostListeners.of(world);
        for (Asking asking : asking(declarations)) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between programs of the host");
            }
            new TreeMap<>(asking.environment()).forEach((variable, value) -> {
                Matcher address = ADDRESS.matcher(value.strip());
                String name = neighbour(variable);
                if (address.matches() && name != null) {
                    judge(
                            world,
                            declarations,
                            launches,
                            asking,
                            variable,
                            name,
                            Integer.parseInt(address.group(1)),
                            results);
                }
            });
        }
        return results;
    }

    private static List<Asking> asking(Declarations declarations) {
        List<Asking> all = new ArrayList<>();
        for (UnitFile unit : declarations.units()) {
            all.add(new Asking(
                    unit.rootPath(),
                    unit.rootPath(),
                    unit.environment(),
                    unit.details().environmentUnknown()));
        }
        boolean contained = declarations.dockerfiles().stream()
                .anyMatch(file -> String.valueOf(declarations.code().text(file.rootPath()))
                        .contains("pm2"));
        for (HostProcess process : contained ? List.<HostProcess>of() : declarations.processes()) {
            if (process.kind() == HostProcess.Kind.PM2) {
                all.add(new Asking(process.id(), process.file(), process.environment(), null));
            }
        }
        return all;
    }

    private static void judge(
            World world,
            Declarations declarations,
            List<Launch> launches,
            Asking asking,
            String variable,
            String name,
            int port,
            List<CheckResult> results) {
        String subject = asking.id() + "#" + variable;
        List<Launch> there = launches.stream()
                .filter(launch -> launch.hostPorts().contains(port))
                .toList();
        boolean proxied = declarations.proxies().stream()
                .flatMap(proxy -> proxy.listens().stream())
                .anyMatch(listen -> listen.port() == port);
        Launch meant = OWN.contains(name) ? null : HostListeners.meant(launches, Set.of(name));
        if (proxied || !there.isEmpty()) {
            if (proxied || meant == null || there.contains(meant) || meant.id().equals(asking.id())) {
                results.add(new CheckResult.Pass(subject));
            } else {
                results.add(other(declarations, launches, asking, variable, name, port, there, meant));
            }
            return;
        }
        if (meant == null) {
            // Nothing of the tree is called so: it is not known who is asked.
            return;
        }
        String text = String.valueOf(declarations.code().text(asking.file()));
        int line = line(text, variable, port);
        String doubt = doubt(world, declarations, asking, variable, port, text);
        if (line == 0 || doubt != null) {
            results.add(new CheckResult.Unknown(
                    subject,
                    "Whether anything listens on port " + port + ", which " + variable + " of " + asking.id()
                            + " asks, is not known: " + (doubt == null ? "another file sets it" : doubt)));
            return;
        }
        results.add(Failure.of(subject)
                .port(port)
                .title(asking.id() + " asks " + name + " on port " + port + ", but " + meant.id() + " listens on "
                        + Words.list(meant.hostPorts()))
                .description(
                        variable + " leads to port " + port + " of the host, on which nothing of the tree listens. "
                                + meant.id() + " is called so, and listens on " + Words.list(meant.hostPorts())
                                + ": every call is refused.")
                .affected(asking.id())
                .affected(meant.id())
                .recommend("Ask port " + meant.hostPorts().getFirst() + ", or let " + meant.id() + " listen on " + port)
                .evidence(new Evidence("environment", asking.file(), line, variable + " asks port " + port))
                .evidence(meant.evidence())
                .fail());
    }

    /**
     * Somebody else listens there than the one of that name. It is told where the other is asked there by its own name too: one of
     * the two has the other's port.
     */
    private static CheckResult other(
            Declarations declarations,
            List<Launch> launches,
            Asking asking,
            String variable,
            String name,
            int port,
            List<Launch> there,
            Launch meant) {
        String subject = asking.id() + "#" + variable;
        Launch other = there.getFirst();
        int line = line(String.valueOf(declarations.code().text(asking.file())), variable, port);
        if (there.size() > 1
                || line == 0
                || asking.unknown() != null
                || !isAskedByName(launches, asking, port, other)) {
            return new CheckResult.Unknown(
                    subject,
                    variable + " leads to port " + port + ", where " + other.id() + " listens and not " + meant.id()
                            + ", which is called so: whether that one is meant is not known");
        }
        return Failure.of(subject)
                .port(port)
                .title(asking.id() + " asks " + name + " on port " + port + ", which is that of " + other.id()
                        + ", and " + meant.id() + " listens on " + Words.list(meant.hostPorts()))
                .description(variable + " leads to port " + port + ", on which " + other.id()
                        + " listens, which another variable asks there by its name. " + meant.id()
                        + " is called so, and listens on " + Words.list(meant.hostPorts()) + ".")
                .affected(asking.id())
                .affected(meant.id())
                .recommend("Ask port " + meant.hostPorts().getFirst())
                .evidence(new Evidence("environment", asking.file(), line, variable + " asks port " + port))
                .evidence(meant.evidence())
                .fail();
    }

    /** What the neighbour is called whose address a variable holds; null where its name does not say so. */
    private static @Nullable String neighbour(String variable) {
        Matcher named = NAMED.matcher(variable);
        return named.matches() ? named.group(1).toLowerCase(Locale.ROOT).replace('_', '-') : null;
    }

    private static boolean isAskedByName(List<Launch> launches, Asking asking, int port, Launch other) {
        return asking.environment().entrySet().stream().anyMatch(each -> {
            Matcher address = ADDRESS.matcher(each.getValue().strip());
            String name = neighbour(each.getKey());
            return address.matches()
                    && Integer.parseInt(address.group(1)) == port
                    && name != null
                    && other.equals(HostListeners.meant(launches, Set.of(name)));
        });
    }

    /** Why something may listen there all the same, or why another may be asked; null where nothing says so. */
    private static @Nullable String doubt(
            World world, Declarations declarations, Asking asking, String variable, int port, String text) {
        if (asking.unknown() != null) {
            return asking.unknown();
        }
        boolean declared = world.registry().agents().stream()
                .anyMatch(agent ->
                        world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at && at.port() == port);
        Pattern number = Pattern.compile("(?<![0-9.])" + port + "(?![0-9.])");
        boolean beside = text.lines()
                .filter(each -> !each.contains(variable))
                .anyMatch(each -> number.matcher(each).find());
        boolean proxied = declarations.proxies().stream()
                .map(proxy -> declarations.code().text(proxy.file()))
                .anyMatch(each -> each != null && number.matcher(each).find());
        return declared || beside || proxied || HostListeners.isWrittenElsewhere(declarations, asking.file(), port)
                ? "another declaration has that number"
                : null;
    }

    /** Where the variable is set to that port; 0 where another file does. */
    private static int line(String text, String variable, int port) {
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].contains(variable) && lines[i].contains(":" + port)) {
                return i + 1;
            }
        }
        return 0;
    }
}
